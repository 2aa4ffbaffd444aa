/**
 * Securing a cluster: certificates and the TLS that rests on them ({@code certificate}), and who may do what
 * ({@code access}). This package itself is empty.
 */
@NullMarked
package io.eventbroker.security;

import org.jspecify.annotations.NullMarked;
