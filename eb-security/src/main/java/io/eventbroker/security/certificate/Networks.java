package io.eventbroker.security.certificate;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** IP networks as name constraints write them: the address, then the mask. */
final class Networks {

    private Networks() {}

    static byte[] address(String literal) {
        if (!Names.isAddress(literal)) {
            throw new IllegalArgumentException("'" + literal + "' is not an IP address");
        }
        try {
            return InetAddress.getByName(literal).getAddress(); // a literal is not looked up
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + literal + "' is not an IP address", e);
        }
    }

    static byte[] parse(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("network '" + cidr + "': write it as address/bits, e.g. 10.0.0.0/8");
        }
        byte[] address = address(cidr.substring(0, slash));
        int bits;
        try {
            bits = Integer.parseInt(cidr.substring(slash + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("network '" + cidr + "': the bits after the slash are no number", e);
        }
        if (bits < 0 || bits > address.length * 8) {
            throw new IllegalArgumentException(
                    "network '" + cidr + "': bits must be 0 to " + address.length * 8 + ", was " + bits);
        }
        byte[] constraint = Arrays.copyOf(address, address.length * 2);
        for (int bit = 0; bit < address.length * 8; bit++) {
            int mask = 0x80 >>> (bit % 8);
            if (bit < bits) {
                constraint[address.length + bit / 8] |= (byte) mask;
            } else if ((address[bit / 8] & mask) != 0) {
                throw new IllegalArgumentException(
                        "network '" + cidr + "': has bits set beyond its mask; a smaller network was probably meant");
            }
        }
        return constraint;
    }
}
