/** What several parts of the kit share. Not API. */
@NullMarked
package io.eventbroker.testkit.internal;

import org.jspecify.annotations.NullMarked;
