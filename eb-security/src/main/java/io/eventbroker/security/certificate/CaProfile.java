package io.eventbroker.security.certificate;

import java.time.Duration;
import java.util.List;

/**
 * What a new certificate authority is to be: its name, how long it is valid, and which host names it may certify.
 *
 * @param name the common name, at most 55 characters; {@link CertificateAuthority#create} appends a generation mark so
 *     that two authorities of one cluster never share a distinguished name (a path builder that finds two keys under one
 *     name may pick the wrong one while they are exchanged)
 * @param validFor how long from now; at most 20 years
 * @param permittedDomains DNS domains that host names must lie in, e.g. {@code kafka.svc.cluster.local}; empty for no
 *     constraint (RFC 5280 section 4.2.1.10)
 * @param permittedNetworks IP networks in CIDR notation that addresses must lie in. Where only domains or only networks
 *     are given, the other form of name is forbidden altogether: a constraint on one form alone leaves the other free
 */
public record CaProfile(String name, Duration validFor, List<String> permittedDomains, List<String> permittedNetworks) {

    /** Five years: long enough to be exchanged calmly, short enough that it is practised. */
    public static final Duration DEFAULT_VALIDITY = Duration.ofDays(5 * 365);

    private static final Duration LONGEST = Duration.ofDays(20 * 366);

    /** The longest common name (RFC 5280, ub-common-name is 64), less a blank and the generation mark of 8 digits. */
    private static final int LONGEST_NAME = Names.LONGEST_COMMON_NAME - 9;

    public CaProfile {
        Names.requireCommonName("certificate authority", name);
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("certificate authority '" + name + "': the name must have at most "
                    + LONGEST_NAME + " characters, has " + name.length());
        }
        Names.requireValidity("certificate authority '" + name + "'", validFor, LONGEST);
        permittedDomains = List.copyOf(permittedDomains);
        permittedDomains.forEach(Names::requireDomain);
        permittedNetworks = List.copyOf(permittedNetworks);
        permittedNetworks.forEach(Networks::parse);
    }

    /** An authority for the brokers and clients of one cluster. */
    public static CaProfile clusterCa(String cluster) {
        return new CaProfile(cluster + " cluster CA", DEFAULT_VALIDITY, List.of(), List.of());
    }

    /** The same with another validity. */
    public CaProfile validFor(Duration validity) {
        return new CaProfile(name, validity, permittedDomains, permittedNetworks);
    }

    /** The same, restricted to host names in these domains (the domain itself and everything below it). */
    public CaProfile permittingDomains(String... domains) {
        return new CaProfile(name, validFor, List.of(domains), permittedNetworks);
    }

    /** The same, restricted to addresses in these networks, e.g. {@code 10.0.0.0/8}. */
    public CaProfile permittingNetworks(String... networks) {
        return new CaProfile(name, validFor, permittedDomains, List.of(networks));
    }
}
