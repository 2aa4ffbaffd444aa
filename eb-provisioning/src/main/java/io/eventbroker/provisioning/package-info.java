@NullMarked
package io.eventbroker.provisioning;

import org.jspecify.annotations.NullMarked;
