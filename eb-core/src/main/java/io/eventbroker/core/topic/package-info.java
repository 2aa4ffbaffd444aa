/**
 * The topics that a platform should have, as written in files.
 *
 * <p>Start reading at {@link io.eventbroker.core.topic.TopicSet}. Everything is immutable.
 */
@NullMarked
package io.eventbroker.core.topic;

import org.jspecify.annotations.NullMarked;
