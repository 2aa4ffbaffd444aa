package io.eventbroker.testkit.junit;

import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import java.lang.reflect.AnnotatedElement;

/** Injects an {@link EmbeddedKubernetes}, one for a test class. */
public final class KubernetesPart implements EmbeddedPart {
    /** Made by the service loader. */
    public KubernetesPart() {}

    @Override
    public Class<? extends AutoCloseable> type() {
        return EmbeddedKubernetes.class;
    }

    @Override
    public AutoCloseable start(AnnotatedElement place) {
        return EmbeddedKubernetes.start();
    }
}
