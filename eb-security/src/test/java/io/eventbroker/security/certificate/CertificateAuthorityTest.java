package io.eventbroker.security.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final CertificateAuthority ca = CertificateAuthority.create(CaProfile.clusterCa("kafka-prod"), CLOCK);

    @Test
    void issuesBrokerCertificatesForNamesAndAddresses() throws Exception {
        // When
        X509Certificate broker = ca.issue(CertificateProfile.broker("kafka-0.kafka.svc", "10.0.0.7", "fd00::7"))
                .certificate();

        // Then
        assertThat(broker.getSubjectX500Principal().getName()).isEqualTo("CN=kafka-0.kafka.svc");
        assertThat(broker.getSubjectAlternativeNames())
                .map(san -> List.copyOf((Collection<?>) san).toString())
                .containsExactly("[2, kafka-0.kafka.svc]", "[7, 10.0.0.7]", "[7, fd00:0:0:0:0:0:0:7]");
        assertThat(broker.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(broker.getBasicConstraints()).isEqualTo(-1);
        assertThat(broker.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
        assertThat(broker.getNonCriticalExtensionOIDs())
                .containsExactlyInAnyOrder("2.5.29.14", "2.5.29.35", "2.5.29.17", "2.5.29.37");
        assertThat(((ECPublicKey) broker.getPublicKey()).getParams().getOrder().bitLength())
                .isEqualTo(256);
        assertThat(broker.getSigAlgName()).isEqualTo("SHA256withECDSA");
    }

    @Test
    void issuesClientCertificatesThatCannotServe() throws Exception {
        IssuedCertificate client = ca.issue(CertificateProfile.client("orders-service"));

        assertThat(client.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(client.certificate().getSubjectAlternativeNames()).isNull();
        assertThat(client.kafkaPrincipal()).isEqualTo("User:CN=orders-service");
    }

    @Test
    void isItselfAnAuthorityForLeavesOnly() {
        assertThat(ca.certificate().getBasicConstraints()).isZero();
        assertThat(ca.certificate().getKeyUsage()).startsWith(false, false, false, false, false, true, true);
        assertThat(ca.certificate().getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
    }

    @Test
    void givesEveryGenerationItsOwnNameAndKey() {
        CertificateAuthority next = CertificateAuthority.create(CaProfile.clusterCa("kafka-prod"), CLOCK);

        assertThat(next.certificate().getSubjectX500Principal())
                .isNotEqualTo(ca.certificate().getSubjectX500Principal());
        assertThat(next.certificate().getPublicKey())
                .isNotEqualTo(ca.certificate().getPublicKey());
    }

    @Test
    void neverRepeatsAPositiveSerialOfAtMostTwentyOctets() {
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            X509Certificate certificate =
                    ca.issue(CertificateProfile.client("c" + i)).certificate();
            assertThat(certificate.getSerialNumber().signum()).isPositive();
            assertThat(certificate.getSerialNumber().toByteArray()).hasSizeLessThanOrEqualTo(20);
            seen.add(certificate.getSerialNumber());
        }
        assertThat(seen).hasSize(200);
    }

    @Test
    void isValidFromALittleBeforeNow() {
        X509Certificate client = ca.issue(CertificateProfile.client("c").validFor(Duration.ofDays(30)))
                .certificate();

        assertThat(client.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofMinutes(5)));
        assertThat(client.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(30)));
    }

    @Test
    void neverIssuesBeyondItsOwnEnd() {
        CertificateAuthority brief =
                CertificateAuthority.create(CaProfile.clusterCa("kafka-qa").validFor(Duration.ofDays(10)), CLOCK);

        assertThat(brief.issue(CertificateProfile.client("c")).notAfter())
                .isEqualTo(brief.certificate().getNotAfter().toInstant());
    }

    @Test
    void refusesToIssueOnceItHasExpired() throws Exception {
        Clock[] clock = {CLOCK};
        CertificateAuthority brief =
                CertificateAuthority.create(CaProfile.clusterCa("qa").validFor(Duration.ofDays(1)), new Clock() {
                    @Override
                    public ZoneOffset getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(java.time.ZoneId zone) {
                        return this;
                    }

                    @Override
                    public Instant instant() {
                        return clock[0].instant();
                    }
                });
        clock[0] = Clock.offset(CLOCK, Duration.ofDays(1));

        assertThatThrownBy(() -> brief.issue(CertificateProfile.client("c")))
                .isInstanceOf(CertificateFailure.class)
                .hasMessageContaining("issue from its successor");
    }

    @Test
    void passesPathValidationUntilItExpires() throws Exception {
        IssuedCertificate broker = ca.issue(CertificateProfile.broker("kafka-0.kafka.svc"));

        validate(broker, ca, NOW);
        validate(broker, ca, broker.notAfter().minusSeconds(1));
        assertThatThrownBy(() -> validate(broker, ca, broker.notAfter().plusSeconds(1)))
                .isInstanceOf(CertPathValidatorException.class)
                .hasMessageContaining("validity check failed");
        CertificateAuthority other = CertificateAuthority.create(CaProfile.clusterCa("kafka-prod"), CLOCK);
        assertThatThrownBy(() -> validate(broker, other, NOW)).isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void cannotBeUsedToFoundAnAuthorityBelowALeaf() throws Exception {
        IssuedCertificate leaf = ca.issue(CertificateProfile.client("mallory"));

        assertThat(leaf.certificate().getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.certificate().getKeyUsage()[5]).isFalse();
    }

    @Test
    void issuesOnlyWithinItsNameConstraints() throws Exception {
        CertificateAuthority bound = CertificateAuthority.create(
                CaProfile.clusterCa("kafka-prod").permittingDomains("kafka.svc").permittingNetworks("10.0.0.0/8"),
                CLOCK);

        IssuedCertificate inside = bound.issue(CertificateProfile.broker("kafka-0.kafka.svc", "10.1.2.3"));
        validate(inside, bound, NOW);
        validate(bound.issue(CertificateProfile.client("orders")), bound, NOW);
        for (String outside : List.of("kafka-0.other.svc", "notkafka.svc", "11.0.0.1", "fd00::1")) {
            assertThatThrownBy(() -> bound.issue(CertificateProfile.broker("kafka-0.kafka.svc", outside)))
                    .as(outside)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(outside);
        }
    }

    @Test
    void forbidsAddressesWhenOnlyDomainsArePermittedAndTheReverse() {
        CertificateAuthority domains =
                CertificateAuthority.create(CaProfile.clusterCa("a").permittingDomains("kafka.svc"), CLOCK);
        CertificateAuthority networks =
                CertificateAuthority.create(CaProfile.clusterCa("b").permittingNetworks("10.0.0.0/8"), CLOCK);

        assertThat(domains.issue(CertificateProfile.broker("kafka-0.kafka.svc")))
                .isNotNull();
        assertThat(networks.issue(CertificateProfile.broker("10.0.0.1"))).isNotNull();
        assertThat(domains.issue(CertificateProfile.client("orders"))).isNotNull();
        assertThat(networks.issue(CertificateProfile.client("orders"))).isNotNull();
        assertThatThrownBy(() -> domains.issue(CertificateProfile.broker("10.0.0.1")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> networks.issue(CertificateProfile.broker("kafka-0.kafka.svc")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesACommonNameThatFits() {
        String longName = "kafka-0.kafka-headless." + "a".repeat(50) + ".svc.cluster.local";

        assertThat(CertificateProfile.broker(longName).commonName()).isEqualTo("kafka-0");
        assertThat(CertificateProfile.broker(longName, "kafka-0.kafka").commonName())
                .isEqualTo("kafka-0.kafka");
        assertThatThrownBy(() -> CertificateProfile.client("x".repeat(65)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "kafka_0.svc",
                "-kafka.svc",
                "kafka-.svc",
                "kafka..svc",
                "kafka.svc.",
                "käfka.svc",
                "kafka.svc:9092",
                "[fd00::1]",
                "fe80::1%eth0",
                "256.1.1.1",
                "10.1.1",
                "010.0.0.1",
                "*.svc",
                "*",
                "k*.kafka.svc",
                "kafka.svc\n",
                "kafka.svc\0.evil"
            })
    void refusesWhatIsNoHostName(String host) {
        assertThatThrownBy(() -> CertificateProfile.broker("kafka-0.svc", host))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "*.kafka.svc", "10.0.0.1", "::1", "xn--kfka-loa.svc", "a.b-c.d1"})
    void takesHostNamesAndAddresses(String host) {
        assertThat(ca.issue(CertificateProfile.broker(host)).certificate()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "kafka/8"})
    void refusesWhatIsNoNetwork(String network) {
        CaProfile profile = CaProfile.clusterCa("k");
        assertThatThrownBy(() -> profile.permittingNetworks(network)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void escapesPrincipalsAsKafkaDoes() {
        assertThat(ca.issue(CertificateProfile.client("orders, team=a")).kafkaPrincipal())
                .isEqualTo("User:CN=orders\\, team\\=a");
    }

    static void validate(IssuedCertificate leaf, CertificateAuthority anchor, Instant at) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor.certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf.certificate())),
                        parameters);
    }
}
