/**
 * Stubs of services that cannot run here, behind their real protocols. {@link io.eventbroker.testkit.stub.EmbeddedKms} is
 * one of AWS KMS.
 */
@NullMarked
package io.eventbroker.testkit.stub;

import org.jspecify.annotations.NullMarked;
