package io.eventbroker.security.certificate;

import java.time.Duration;
import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;

/** The rules that names in a certificate keep: what a lenient issuer lets through, a strict peer refuses much later. */
final class Names {

    /** RFC 5280, ub-common-name. */
    static final int LONGEST_COMMON_NAME = 64;

    private static final int LONGEST_DNS_NAME = 253;
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern IPV4 = Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}");

    private Names() {}

    static void requireCommonName(String what, String name) {
        if (name.isBlank() || !name.equals(name.strip())) {
            throw new IllegalArgumentException(
                    what + " '" + name + "': the common name must not be blank nor begin or end with a blank");
        }
        if (name.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + ": the common name must not hold control characters");
        }
        if (name.length() > LONGEST_COMMON_NAME) {
            throw new IllegalArgumentException(what + " '" + name + "': the common name must have at most "
                    + LONGEST_COMMON_NAME + " characters (RFC 5280), has " + name.length());
        }
    }

    static void requireValidity(String what, Duration validity, Duration longest) {
        if (validity.compareTo(Duration.ofMinutes(1)) < 0 || validity.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    what + ": must be valid for 1 minute to " + longest.toDays() + " days, was " + validity);
        }
    }

    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 ? IPAddress.isValidIPv6(host) : isIpv4(host);
    }

    /** A DNS name (with a wildcard as its whole first label, if at all) or an IP address without brackets or zone. */
    static void requireHost(String host) {
        if (isAddress(host)) {
            return;
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "host '" + host + "': neither a host name nor an IPv6 address; give no port, brackets or zone");
        }
        if (host.startsWith("*.")) {
            String parent = host.substring(2);
            requireDomain(parent);
            if (parent.indexOf('.') < 0) {
                throw new IllegalArgumentException(
                        "host '" + host + "': a wildcard needs at least two labels after it, e.g. *.kafka.example");
            }
            return;
        }
        requireDomain(host);
    }

    static void requireDomain(String name) {
        if (name.length() > LONGEST_DNS_NAME) {
            throw new IllegalArgumentException("host '" + name + "': a DNS name has at most " + LONGEST_DNS_NAME
                    + " characters, this has " + name.length());
        }
        String[] labels = name.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException("host '" + name + "': '" + label
                        + "' is not a DNS label: 1 to 63 letters, digits and inner hyphens (write other scripts in their"
                        + " xn-- form)");
            }
        }
        if (DIGITS.matcher(labels[labels.length - 1]).matches()) {
            throw new IllegalArgumentException(
                    "host '" + name + "': looks like an IP address but is none; write four numbers from 0 to 255");
        }
    }

    /** Four plain decimal numbers: no octal, no short forms, on which parsers disagree. */
    private static boolean isIpv4(String host) {
        if (!IPV4.matcher(host).matches()) {
            return false;
        }
        for (String part : host.split("\\.", -1)) {
            if (Integer.parseInt(part) > 255 || (part.length() > 1 && part.startsWith("0"))) {
                return false;
            }
        }
        return true;
    }
}
