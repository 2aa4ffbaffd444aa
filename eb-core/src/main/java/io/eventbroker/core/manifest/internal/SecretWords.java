package io.eventbroker.core.manifest.internal;

/**
 * The words by which the names of keys, variables and options tell that they are about secrets. Who looks for them adds what
 * else there is in its place, and what only sounds like a secret there: a finding should be right, while what is hidden may
 * be too much.
 */
public final class SecretWords {
    /**
     * Alternatives for a regular expression that ignores case. The word {@code secret} is not among them: in Kubernetes most
     * names that have it are those of references to Secrets.
     */
    public static final String ALTERNATIVES = "passw(?:or)?d|passphrase|token|private.?key|api.?key|access.?key";

    private SecretWords() {}
}
