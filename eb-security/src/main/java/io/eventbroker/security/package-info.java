@NullMarked
package io.eventbroker.security;

import org.jspecify.annotations.NullMarked;
