package io.eventbroker.security.certificate;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What a certificate is to be issued for.
 *
 * @param role what the holder does, which decides the extended key usage
 * @param commonName the subject's common name, at most 64 characters; Kafka's principal is {@code User:CN=<commonName>}
 *     unless {@code ssl.principal.mapping.rules} say otherwise
 * @param hostNames DNS names and IP addresses under which the holder is reached, in order, without repetition
 * @param validFor how long from now; at most 398 days. The certificate ends with its authority at the latest
 */
public record CertificateProfile(Role role, String commonName, List<String> hostNames, Duration validFor) {

    /** What the holder of a certificate does with it. */
    public enum Role {
        /** Accepts connections and opens them to other brokers: server and client authentication. */
        BROKER,
        /** Opens connections: client authentication only, so that a stolen client key cannot pose as a broker. */
        CLIENT
    }

    /** A year. */
    public static final Duration DEFAULT_VALIDITY = Duration.ofDays(365);

    /** What browsers accept at most and auditors have come to ask for. */
    private static final Duration LONGEST = Duration.ofDays(398);

    public CertificateProfile {
        Names.requireCommonName("certificate", commonName);
        hostNames = List.copyOf(new LinkedHashSet<>(hostNames));
        hostNames.forEach(Names::requireHost);
        if (role == Role.BROKER && hostNames.isEmpty()) {
            throw new IllegalArgumentException("certificate '" + commonName
                    + "': a broker needs at least one host name, or no client that checks host names can connect");
        }
        Names.requireValidity("certificate '" + commonName + "'", validFor, LONGEST);
    }

    /**
     * A broker (or controller) reached under these names; the first one that fits is the common name.
     *
     * @throws IllegalArgumentException when one is neither a DNS name nor an IP address, or there is none
     */
    public static CertificateProfile broker(Collection<String> hostNames) {
        if (hostNames.isEmpty()) {
            throw new IllegalArgumentException("broker certificate: at least one host name is needed");
        }
        hostNames.forEach(Names::requireHost);
        String first = hostNames.iterator().next();
        String commonName = hostNames.stream()
                .filter(name -> name.length() <= Names.LONGEST_COMMON_NAME)
                .findFirst()
                // A label has at most 63 characters, and the names that count are in the SAN.
                .orElseGet(() -> first.substring(0, first.indexOf('.')));
        return new CertificateProfile(Role.BROKER, commonName, List.copyOf(hostNames), DEFAULT_VALIDITY);
    }

    /** {@link #broker(Collection)}. */
    public static CertificateProfile broker(String... hostNames) {
        return broker(List.of(hostNames));
    }

    /** A client that Kafka is to know as {@code User:CN=<principalName>}. */
    public static CertificateProfile client(String principalName) {
        return new CertificateProfile(Role.CLIENT, principalName, List.of(), DEFAULT_VALIDITY);
    }

    /** The same under another common name: brokers that share one principal, say. */
    public CertificateProfile named(String name) {
        return new CertificateProfile(role, name, hostNames, validFor);
    }

    /** The same with another validity. */
    public CertificateProfile validFor(Duration validity) {
        return new CertificateProfile(role, commonName, hostNames, validity);
    }
}
