/**
 * Data keys wrapped by AWS KMS. Start reading at {@link io.eventbroker.security.kms.KmsKeyEncryption}, which blocks its
 * callers and has no threads of its own.
 */
@NullMarked
package io.eventbroker.security.kms;

import org.jspecify.annotations.NullMarked;
