package io.eventbroker.backup.internal.copy;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.xerial.snappy.SnappyInputStream;
import org.xerial.snappy.SnappyOutputStream;

/** The codecs of record batches, by the ids in their headers. Streams must be closed: some hold memory outside the heap. */
final class BatchCodec {
    private static final int BUFFER = 16 << 10;

    private BatchCodec() {}

    static InputStream decompress(int codec, InputStream in) throws IOException {
        return new BufferedInputStream(
                switch (codec) {
                    case 0 -> in;
                    case 1 -> new GZIPInputStream(in, BUFFER);
                    case 2 -> new SnappyInputStream(in);
                    case 3 -> new LZ4FrameInputStream(in);
                    case 4 -> new ZstdInputStreamNoFinalizer(in, RecyclingBufferPool.INSTANCE);
                    default -> throw new IOException("unknown codec " + codec);
                },
                BUFFER);
    }

    static OutputStream compress(int codec, OutputStream out) throws IOException {
        return switch (codec) {
            case 0 -> out;
            case 1 -> new GZIPOutputStream(out, BUFFER);
            case 2 -> new SnappyOutputStream(out);
            case 3 ->
                new LZ4FrameOutputStream(
                        out,
                        LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB,
                        LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE);
            case 4 -> new ZstdOutputStreamNoFinalizer(out, RecyclingBufferPool.INSTANCE);
            default -> throw new IOException("unknown codec " + codec);
        };
    }
}
