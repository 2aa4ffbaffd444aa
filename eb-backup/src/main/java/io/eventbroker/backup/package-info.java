@NullMarked
package io.eventbroker.backup;

import org.jspecify.annotations.NullMarked;
