/**
 * Topics: planned from topic sets against the live cluster, created, grown, configured and retired in batched requests.
 *
 * <p>Start reading at {@link io.eventbroker.provisioning.topic.Topics}.
 */
@NullMarked
package io.eventbroker.provisioning.topic;

import org.jspecify.annotations.NullMarked;
