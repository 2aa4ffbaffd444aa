/**
 * Certificates for a cluster: an authority of one's own, what it issues to brokers and clients, the key stores and PEM
 * files that Kafka reads, and the TLS properties that go with them.
 *
 * <p>Start at {@link io.eventbroker.security.certificate.CertificateAuthority}. Profiles say what is wanted, the
 * authority issues it, {@link io.eventbroker.security.certificate.KeyStores} and
 * {@link io.eventbroker.security.certificate.Pem} turn it into files, and
 * {@link io.eventbroker.security.certificate.MutualTls} into Kafka properties. All types are immutable and may be shared
 * between threads; nothing here starts a thread or opens a connection.
 */
@NullMarked
package io.eventbroker.security.certificate;

import org.jspecify.annotations.NullMarked;
