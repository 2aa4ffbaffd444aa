/** An OpenID Connect server for tests. Nothing here yet: filled by the release whose modules need it first. */
@NullMarked
package io.eventbroker.testkit.oidc;

import org.jspecify.annotations.NullMarked;
