package io.eventbroker.examples.quickstart;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.secret.Secret;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.security.certificate.CaProfile;
import io.eventbroker.security.certificate.CertificateAuthority;
import io.eventbroker.security.certificate.CertificateProfile;
import io.eventbroker.security.certificate.KeyStores;
import io.eventbroker.security.certificate.MutualTls;
import io.eventbroker.security.certificate.StoreFile;
import io.eventbroker.testkit.kafka.TlsFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Issues what the brokers and clients of the quick start prove themselves with, into files readable by their owner. */
final class Certificates {
    private final Path folder;
    private final Topology topology;
    private final CertificateAuthority authority;
    private final Secret password = Secret.random(24);
    private final StoreFile trust;

    Certificates(Path folder, Topology topology) {
        this.folder = folder;
        this.topology = topology;
        this.authority = CertificateAuthority.create(CaProfile.clusterCa(topology.name()));
        this.trust = KeyStores.trustStore(password, authority).writeTo(folder.resolve("trust.p12"));
    }

    CertificateAuthority authority() {
        return authority;
    }

    /** A broker's files, for the names that it has on Kubernetes and for this machine. */
    TlsFiles broker(int id) {
        List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1"));
        if (topology.brokers().brokerIds().contains(BrokerId.of(id))) {
            names.addAll(0, topology.brokers().hostNames(BrokerId.of(id)));
        }
        StoreFile keys = KeyStores.pkcs12(
                        authority.issue(CertificateProfile.broker(names).named(brokerName(id))), password)
                .writeTo(folder.resolve("broker-" + id + ".v1.p12"));
        String shown = password.use(String::new);
        return new TlsFiles(keys.path(), shown, trust.path(), shown);
    }

    /** The common name of a broker, by which the others know it. */
    String brokerName(int id) {
        return topology.name() + "-" + id;
    }

    /** Client properties with a certificate of the cluster's authority. */
    Map<String, Object> client(String name, String bootstrapServers) {
        return client(name, authority, bootstrapServers);
    }

    /** Client properties with a certificate of an authority that the brokers do not know. */
    Map<String, Object> impostor(String name, String bootstrapServers) {
        CertificateAuthority another = CertificateAuthority.create(CaProfile.clusterCa("another-authority"));
        return client(name, another, bootstrapServers);
    }

    private Map<String, Object> client(String name, CertificateAuthority issuer, String bootstrapServers) {
        StoreFile keys = KeyStores.pkcs12(issuer.issue(CertificateProfile.client(name)), password)
                .writeTo(folder.resolve("client-" + name + ".p12"));
        return new MutualTls(keys, trust).client(bootstrapServers);
    }
}
