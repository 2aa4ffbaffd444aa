package io.eventbroker.testkit.junit;

import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.EmbeddedKafkaBuilder;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts clusters, object stores, Kubernetes APIs and whatever else is registered as an {@link EmbeddedPart} when a test
 * first asks for them by a parameter, and closes them after use.
 *
 * <pre>{@code
 * @WithKafka(brokers = 3, racks = {"az-a", "az-b", "az-c"})
 * class OnboardingTest {
 *     @Test
 *     void makesTopics(EmbeddedKafka kafka, Admin admin) { ... }
 * }
 * }</pre>
 *
 * <p>A cluster is shared by the tests of one class, unless {@link WithKafka#lifetime} says otherwise; a nested class
 * shares the cluster of the class around it unless it has an annotation of its own. Classes share nothing, so they may
 * run in parallel. A part that leaves threads, processes or directories behind after it was closed fails the class (or
 * the method that it was started for) with a {@link LeftBehindException} as the cause.
 */
public final class EventBrokerExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(EventBrokerExtension.class);

    /** Made by JUnit. */
    public EventBrokerExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == EmbeddedKafka.class || type == Admin.class || parts().anyMatch(part -> part.type() == type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == EmbeddedKafka.class) {
            return kafka(parameter, context).kafka();
        }
        if (type == Admin.class) {
            return kafka(parameter, context).admin();
        }
        Class<?> testClass = context.getRequiredTestClass();
        EmbeddedPart part = parts().filter(candidate -> candidate.type() == type)
                .findFirst()
                .orElseThrow(() -> new ParameterResolutionException("no EmbeddedPart for " + type.getName()));
        return once(classContext(context), part.type().getName(), () -> new StartedPart(part, part.start(testClass)))
                .value();
    }

    private static Stream<EmbeddedPart> parts() {
        return ServiceLoader.load(EmbeddedPart.class).stream().map(ServiceLoader.Provider::get);
    }

    private static StartedKafka kafka(ParameterContext parameter, ExtensionContext context) {
        Optional<WithKafka> own = parameter.findAnnotation(WithKafka.class);
        if (own.isPresent()) {
            Executable executable = parameter.getDeclaringExecutable();
            String key = executable + "#" + parameter.getIndex();
            return once(context, key, () -> StartedKafka.start(own.get()));
        }
        ExtensionContext annotated = annotatedContext(context)
                .orElseThrow(() -> new ParameterResolutionException("parameter " + parameter.getIndex() + " of "
                        + parameter.getDeclaringExecutable() + " wants a Kafka cluster, but neither it nor "
                        + context.getRequiredTestClass().getName() + " has @WithKafka"));
        WithKafka wanted = annotation(annotated).orElseThrow();
        boolean perMethod = wanted.lifetime() == WithKafka.Lifetime.METHOD;
        if (perMethod && context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(parameter.getDeclaringExecutable()
                    + " runs outside of a test method and cannot have a cluster with lifetime METHOD");
        }
        return once(perMethod ? context : annotated, "kafka", () -> StartedKafka.start(wanted));
    }

    /** The context of the innermost class around the test that has the annotation. */
    private static Optional<ExtensionContext> annotatedContext(ExtensionContext context) {
        Optional<ExtensionContext> candidate = Optional.of(classContext(context));
        while (candidate.isPresent() && annotation(candidate.get()).isEmpty()) {
            candidate = candidate
                    .get()
                    .getParent()
                    .filter(parent -> parent.getTestClass().isPresent());
        }
        return candidate;
    }

    private static Optional<WithKafka> annotation(ExtensionContext context) {
        return context.getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, WithKafka.class));
    }

    /** The class around a test method, whichever invocation of a parameterised or repeated test it is. */
    private static ExtensionContext classContext(ExtensionContext context) {
        ExtensionContext current = context;
        Optional<Method> method = current.getTestMethod();
        while (method.isPresent()) {
            current = current.getParent().orElseThrow();
            method = current.getTestMethod();
        }
        return current;
    }

    /** Starts what is not started yet in a context's store, which closes it when the context ends. */
    @SuppressWarnings("unchecked") // Every key is used for one type only.
    private static <T extends AutoCloseable> T once(ExtensionContext context, String key, Supplier<T> start) {
        Store store = context.getStore(NAMESPACE);
        return (T) store.computeIfAbsent(key, ignored -> start.get(), AutoCloseable.class);
    }

    /** A cluster in a store. */
    private record StartedKafka(EmbeddedKafka kafka, Admin admin) implements AutoCloseable {
        static StartedKafka start(WithKafka wanted) {
            EmbeddedKafkaBuilder builder =
                    EmbeddedKafka.builder().brokers(wanted.brokers()).racks(wanted.racks());
            for (String property : wanted.properties()) {
                int equals = property.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("@WithKafka property '" + property + "' is not key=value");
                }
                builder.property(
                        property.substring(0, equals).strip(),
                        property.substring(equals + 1).strip());
            }
            if (wanted.processes()) {
                builder.processes();
            }
            if (wanted.proxies()) {
                builder.throughProxies();
            }
            try {
                wanted.customizer().getDeclaredConstructor().newInstance().accept(builder);
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(
                        "@WithKafka customizer " + wanted.customizer().getName()
                                + " needs a constructor without parameters",
                        e);
            }
            EmbeddedKafka kafka = builder.start();
            return new StartedKafka(kafka, kafka.admin());
        }

        @Override
        public void close() {
            kafka.close();
            List<String> left = kafka.leftBehind();
            if (!left.isEmpty()) {
                throw new LeftBehindException(kafka.toString(), left);
            }
        }
    }

    /** Any other part in a store. */
    private record StartedPart(EmbeddedPart part, AutoCloseable value) implements AutoCloseable {
        @Override
        public void close() {
            String name = part.type().getSimpleName();
            try {
                value.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TestKitException("interrupted while closing " + name, e);
            } catch (Exception e) {
                throw new TestKitException("cannot close " + name + ": " + e.getMessage(), e);
            }
            List<String> left = part.leftBehind(value);
            if (!left.isEmpty()) {
                throw new LeftBehindException(name, left);
            }
        }
    }
}
