/** HTTP stubs of the AWS control plane and of Prometheus. Nothing here yet: filled by the release whose modules need it first. */
@NullMarked
package io.eventbroker.testkit.stub;

import org.jspecify.annotations.NullMarked;
