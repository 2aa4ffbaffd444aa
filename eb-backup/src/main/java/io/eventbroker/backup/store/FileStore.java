package io.eventbroker.backup.store;

import io.eventbroker.core.EventBrokerException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Objects as files below a directory: each is written beside its place, forced to disk and moved there, so that it
 * appears whole. Works on the calling thread; the futures it returns are complete.
 */
public final class FileStore implements ObjectStore {
    private static final String UNFINISHED = ".part";

    private final Path root;
    /** Directories that are known to survive a crash of the machine. */
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    private FileStore(Path root) {
        this.root = root;
    }

    /** A store in that directory, which is made when first written to. */
    public static FileStore at(Path directory) {
        return new FileStore(directory.toAbsolutePath().normalize());
    }

    private Path path(String name) {
        Path path = root.resolve(name).normalize();
        if (!path.startsWith(root) || path.equals(root)) {
            throw new IllegalArgumentException("'" + name + "' is not the name of an object in " + root);
        }
        return path;
    }

    private Path unfinished(Path target) throws IOException {
        Path parent = java.util.Objects.requireNonNull(target.getParent());
        makeDurable(parent);
        return parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + UNFINISHED);
    }

    /** A directory is durable once its name in the one above is, up to the first that was there before the store. */
    private void makeDurable(Path directory) throws IOException {
        if (durable.contains(directory)) {
            return;
        }
        synchronized (durable) { // Nobody may write to a directory that another thread is still making durable.
            Path above = directory.getParent();
            boolean inside = directory.startsWith(root) && !directory.equals(root);
            if (above != null && (inside || !Files.isDirectory(directory))) {
                makeDurable(above);
                Files.createDirectories(directory);
                force(above);
            }
            durable.add(directory);
        }
    }

    private static <T extends @org.jspecify.annotations.Nullable Object> CompletableFuture<T> run(
            String what, Callable<T> work) {
        try {
            return CompletableFuture.completedFuture(work.call());
        } catch (NoSuchFileException | EOFException e) {
            return CompletableFuture.failedFuture(new NoSuchObjectException(what + ": no such object or range", e));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new EventBrokerException(what + " failed: " + e, e));
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<Void> put(String name, ByteBuffer content) {
        return run("writing " + name, () -> {
            Path target = path(name);
            Path temporary = write(target, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(target);
            return null;
        });
    }

    private Path write(Path target, ByteBuffer content) throws IOException {
        Path temporary = unfinished(target);
        try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(file, content);
            file.force(false);
            return temporary;
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static void writeFully(FileChannel file, ByteBuffer content) throws IOException {
        ByteBuffer rest = content.duplicate();
        while (rest.hasRemaining()) {
            file.write(rest);
        }
    }

    /** A new name is durable only once its directory is. */
    private static void forceDirectory(Path target) throws IOException {
        force(java.util.Objects.requireNonNull(target.getParent()));
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
        return run("writing " + name, () -> {
            Path target = path(name);
            Path temporary = write(target, content);
            try {
                // A link, unlike a move, fails if the name is taken, and the file is whole when it appears.
                Files.createLink(target, temporary);
                forceDirectory(target);
                return true;
            } catch (FileAlreadyExistsException e) {
                return Files.mismatch(target, temporary) < 0;
            } finally {
                Files.delete(temporary);
            }
        });
    }

    @Override
    public Upload upload(String name) {
        Path target = path(name);
        try {
            Path temporary = unfinished(target);
            FileChannel file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new FileUpload(name, target, temporary, file);
        } catch (IOException e) {
            throw new EventBrokerException("writing " + name + " failed: " + e, e);
        }
    }

    private static final class FileUpload implements Upload {
        private final String name;
        private final Path target;
        private final Path temporary;
        private final FileChannel file;

        FileUpload(String name, Path target, Path temporary, FileChannel file) {
            this.name = name;
            this.target = target;
            this.temporary = temporary;
            this.file = file;
        }

        @Override
        public CompletableFuture<Void> write(ByteBuffer part) {
            return run("writing " + name, () -> {
                writeFully(file, part);
                return null;
            });
        }

        @Override
        public CompletableFuture<Void> complete() {
            return run("writing " + name, () -> {
                file.force(false);
                file.close();
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                forceDirectory(target);
                return null;
            });
        }

        @Override
        public void close() {
            try {
                file.close();
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                org.slf4j.LoggerFactory.getLogger(FileStore.class)
                        .warn("{} stays behind, unfinished; it can be deleted", temporary, e);
            }
        }
    }

    @Override
    public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
        return run("reading " + name, () -> {
            try (FileChannel file = FileChannel.open(path(name), StandardOpenOption.READ)) {
                ByteBuffer rest = into.duplicate();
                long position = offset;
                while (rest.hasRemaining()) {
                    int n = file.read(rest, position);
                    if (n < 0) {
                        throw new EOFException(name + " ends at " + file.size());
                    }
                    position += n;
                }
                return null;
            }
        });
    }

    @Override
    public CompletableFuture<Long> size(String name) {
        return run("asking for " + name, () -> {
            Path file = path(name);
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(file.toString());
            }
            return Files.size(file);
        });
    }

    @Override
    public CompletableFuture<List<StoredObject>> list(String prefix) {
        return run("listing " + prefix, () -> {
            List<StoredObject> found = new ArrayList<>();
            for (Path file : files(prefix)) {
                if (!isUnfinished(file)) {
                    found.add(new StoredObject(name(file), Files.size(file)));
                }
            }
            found.sort(Comparator.comparing(StoredObject::name));
            return found;
        });
    }

    private String name(Path file) {
        return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }

    private static boolean isUnfinished(Path file) {
        String last = String.valueOf(file.getFileName());
        return last.startsWith(".") && last.endsWith(UNFINISHED);
    }

    private List<Path> files(String prefix) throws IOException {
        // Only the folder that the prefix names is walked, not the whole store.
        Path from =
                root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1)).normalize();
        if (!from.startsWith(root) || !Files.isDirectory(from)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (isUnfinished(file) || name(file).startsWith(prefix)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // Another writer has finished or deleted it meanwhile.
                }
                throw e;
            }
        });
        return found;
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        return run("deleting " + name, () -> {
            Files.deleteIfExists(path(name));
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> discardUnfinished(String prefix) {
        return run("clearing " + prefix, () -> {
            for (Path file : files(prefix)) {
                if (isUnfinished(file)) {
                    Files.deleteIfExists(file);
                }
            }
            return null;
        });
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
