package io.eventbroker.core.adopt;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.manifest.internal.JvmSize;
import io.eventbroker.core.manifest.internal.Quantity;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.topology.Cpu;
import io.eventbroker.core.topology.Version;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What several sources say in the same way: images, resources, volumes, the JVM. */
final class Parts {
    private static final Pattern HEAP = Pattern.compile("-Xm([sx])([0-9]+[kKmMgGtT]?)");

    private Parts() {}

    /** {@code confluent} or {@code apache}, by the image's repository. */
    static String distribution(ImageName image) {
        return image.isOfConfluent() || image.repository().startsWith("confluentinc/") ? "confluent" : "apache";
    }

    /** Carries a component's image, and with that of the brokers the release. */
    static void image(Draft draft, String component, Found image) {
        draft.put("spec." + component + ".image.application", image);
        ImageName name = ImageName.parse(image.text().orElse(""));
        Optional<String> release = name.version().map(Version::toString);
        if (component.equals("brokers")) {
            release.ifPresentOrElse(
                    version -> {
                        draft.text("spec.distribution.type", image, distribution(name));
                        draft.text("spec.distribution.version", image, version);
                    },
                    () -> image.doubtful(
                            "its tag names no release, so which one runs is not known",
                            "use a tag with a version, and say distribution.version"));
        } else {
            Optional<String> brokers = draft.text("spec.distribution.version");
            release.filter(version -> brokers.isPresent() && !brokers.get().equals(version))
                    .ifPresent(version -> {
                        if (component.equals("controllers")) {
                            image.doubtful(
                                    "the controllers run another release than the brokers, which run " + brokers.get(),
                                    "run one release");
                        } else {
                            draft.text("spec." + component + ".version", image, version);
                        }
                    });
        }
    }

    /** Carries {@code requests} and {@code limits} of processor time and memory. */
    static void resources(Draft draft, String component, Found resources) {
        for (String what : List.of("cpu", "memory")) {
            Optional<Found> limit = resources.at("limits." + what);
            Optional<Found> request = resources.at("requests." + what);
            String path = "spec." + component + ".resources.";
            limit.ifPresent(found -> amount(draft, path + "limits." + what, found, what));
            request.ifPresent(found -> amount(draft, path + "requests." + what, found, what));
            if (request.isEmpty() && limit.isPresent()) {
                // Kubernetes takes the limit for the request
                amount(draft, path + "requests." + what, limit.get(), what);
            }
        }
    }

    private static void amount(Draft draft, String path, Found found, String what) {
        if (what.equals("memory")) {
            size(draft, path, found);
        } else {
            cpu(draft, path, found);
        }
    }

    private static void cpu(Draft draft, String path, Found found) {
        String text = found.text().orElse("");
        try {
            Cpu.parse(text);
            draft.put(path, found);
            return;
        } catch (IllegalArgumentException | ArithmeticException e) {
            // another way of writing it
        }
        Optional<BigDecimal> cores = Quantity.parse(text);
        if (cores.isPresent() && cores.get().signum() > 0) {
            BigDecimal millis = cores.get().movePointRight(3).setScale(0, RoundingMode.CEILING);
            draft.text(path, found, millis.toPlainString() + "m");
            if (millis.compareTo(cores.get().movePointRight(3)) != 0) {
                found.changed("processor time has no parts smaller than 1m", "");
            }
        } else {
            draft.put(path, found);
        }
    }

    /** Carries a size, as Kubernetes writes quantities. */
    static void size(Draft draft, String path, Found found) {
        String text = found.text().orElse("");
        Optional<BigDecimal> bytes = Quantity.parse(text);
        boolean known = true;
        try {
            DataSize.parse(text);
        } catch (IllegalArgumentException e) {
            known = false;
        }
        if (known || bytes.isEmpty()) {
            draft.put(path, found);
            return;
        }
        BigInteger whole = bytes.get().setScale(0, RoundingMode.CEILING).toBigInteger();
        if (whole.bitLength() < 64) {
            draft.text(path, found, DataSize.ofBytes(whole.longValueExact()).toString());
            if (bytes.get().compareTo(new BigDecimal(whole)) != 0) {
                found.changed("a size has no parts of a byte", "");
            }
        } else {
            draft.put(path, found);
        }
    }

    /** An argument of the JVM and where it stands. */
    record Argument(Found from, String text) {}

    /** Carries heap and options. */
    static void jvm(Draft draft, String component, List<Argument> arguments) {
        String path = "spec." + component + ".jvm.";
        for (Argument argument : arguments) {
            Matcher heap = HEAP.matcher(argument.text());
            if (heap.matches()) {
                String end = heap.group(1).equals("s") ? "min" : "max";
                JvmSize.parse(heap.group(2))
                        .filter(bytes -> bytes.bitLength() < Long.SIZE)
                        .map(bytes -> DataSize.ofBytes(bytes.longValue()))
                        .ifPresentOrElse(
                                size -> draft.text(path + "heap." + end, argument.from(), size.toString()),
                                () -> argument.from()
                                        .error("'" + argument.text() + "' is no size of a heap", "write -Xmx6g"));
            } else if (argument.text().indexOf('=') > 0
                    && (Hidden.isSecretName(
                                    argument.text().substring(0, argument.text().indexOf('=')))
                            || Hidden.looksSecret(argument.text()))) {
                argument.from()
                        .secretLeftOut(
                                "the option "
                                        + argument.text()
                                                .substring(0, argument.text().indexOf('='))
                                        + " has a secret in it, which must not stand in a file",
                                "let the process read it from a mounted secret");
            } else {
                draft.add(
                        path + "options",
                        new Node.Text(argument.from().carried().location(), argument.text(), false),
                        argument.from().path());
            }
        }
        only(draft, path, "min", "max");
        only(draft, path, "max", "min");
    }

    private static void only(Draft draft, String path, String said, String other) {
        draft.text(path + "heap." + said)
                .filter(text -> !draft.has(path + "heap." + other))
                .ifPresent(text -> draft.usual(
                        path + "heap." + other,
                        new Node.Text(draft.place(), text, false),
                        "only -Xm" + (said.equals("max") ? "x" : "s") + " is set, and a heap of one size is usual",
                        "set both"));
    }

    /** An item of a list of listeners. */
    static Node.Fields listener(
            Found from, String name, String port, boolean external, boolean tls, String authentication) {
        Map<String, Node> values = new java.util.LinkedHashMap<>();
        values.put("name", new Node.Text(from.location(), name, false));
        values.put("port", new Node.Text(from.location(), port, true));
        values.put("exposure", new Node.Text(from.location(), external ? "external" : "internal", false));
        values.put("tls", new Node.Text(from.location(), Boolean.toString(tls), true));
        values.put("authentication", new Node.Text(from.location(), authentication, false));
        return Draft.map(from.location(), values);
    }

    /** Carries how clients outside reach the listeners; the first that says so wins. */
    static void access(Draft draft, Found type, String access, boolean exactly) {
        Optional<String> first = draft.text("spec.network.access");
        if (first.isEmpty()) {
            draft.text("spec.network.access", type, access);
        }
        if (first.isPresent() && !first.get().equals(access)) {
            type.changed(
                    "a Topology has one way in for all listeners, '" + first.get() + "', which another one needs",
                    "see whether network.access is right");
        } else if (!exactly) {
            type.changed("of the ways in, '" + access + "' comes nearest", "see whether network.access is right");
        } else {
            type.carried();
        }
    }

    /** The oldest TLS that Kafka accepts where nothing says otherwise is 1.2 ({@code ssl.enabled.protocols}). */
    static void minimumTls(Draft draft, Optional<String> protocols) {
        boolean encrypted = draft.items("spec.brokers.listeners").stream()
                .anyMatch(
                        listener -> listener.text("tls").filter("true"::equals).isPresent());
        if (encrypted && !protocols.orElse("TLSv1.2").trim().equals("TLSv1.3")) {
            draft.usual(
                    "spec.security.minimumTls",
                    new Node.Text(draft.place(), "1.2", false),
                    "Kafka accepts TLS 1.2 unless ssl.enabled.protocols says otherwise",
                    "raise it to 1.3 once all clients can");
        }
    }

    /** Carries how rights are decided, from the broker's own properties. */
    static void authorizer(Draft draft, Found from, String className) {
        if (className.endsWith("ConfluentServerAuthorizer")) {
            draft.text("spec.security.authorization", from, "rbac");
        } else {
            draft.text("spec.security.authorization", from, "acl");
            if (!className.endsWith(".StandardAuthorizer") && !className.endsWith(".AclAuthorizer")) {
                from.doubtful(
                        "an authorizer of another kind is taken for access control lists",
                        "see whether security.authorization says what it does");
            }
        }
    }

    static void noAuthorization(Draft draft) {
        draft.usual(
                "spec.security.authorization",
                new Node.Text(draft.place(), "none", false),
                "the source names no authorizer, so anyone may do anything",
                "choose acl or rbac");
    }

    /** Carries super users, which are written {@code User:a;User:b}. */
    static void superUsers(Draft draft, Found from, String users) {
        from.carried();
        for (String user : users.split(";", -1)) {
            boolean known = draft.items("spec.security.superUsers").stream()
                    .anyMatch(item ->
                            item instanceof Node.Text text && text.text().equals(user.trim()));
            if (!user.isBlank() && !known) {
                draft.add(
                        "spec.security.superUsers",
                        new Node.Text(from.carried().location(), user.trim(), false),
                        from.path());
            }
        }
    }
}
