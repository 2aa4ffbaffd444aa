package io.eventbroker.core.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.http.RestAnswer;
import io.eventbroker.core.http.RestCall;
import io.eventbroker.core.http.RestEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Connect cluster, asked at one of its workers.
 *
 * <pre>{@code
 * ConnectCluster connect = ConnectCluster.on(RestEndpoint.at(http, URI.create("https://connect:8083")));
 * connect.connectors(deadline).values().forEach(System.out::println);
 * }</pre>
 *
 * <p>While the workers rebalance they refuse most requests (409); these are sent again until the deadline. Every method
 * throws {@link ConnectApiException} if the worker refuses; {@link RetryableException} and {@link
 * DeadlineExceededException} if nothing was done; {@link OutcomeUnknownException} if a change went without an answer; and
 * {@link EventBrokerException} if the answer is not JSON. A worker itself gives up after 90 s. Safe for use by several
 * threads.
 */
public final class ConnectCluster {
    private final RestEndpoint endpoint;
    private final ConnectAnswers answers;

    private ConnectCluster(RestEndpoint endpoint) {
        this.endpoint = endpoint;
        this.answers = new ConnectAnswers(endpoint.base());
    }

    /** The cluster that the worker at that address belongs to. */
    public static ConnectCluster on(RestEndpoint endpoint) {
        return new ConnectCluster(endpoint);
    }

    private static boolean rebalances(RestAnswer answer) {
        // The other meaning of the status, which does not pass.
        return answer.status() == 409 && !answer.message().contains("already exists");
    }

    private RestAnswer answer(RestCall call, Deadline deadline) {
        return endpoint.send(call.waitingWhile(ConnectCluster::rebalances), deadline);
    }

    private JsonNode send(RestCall call, Deadline deadline) {
        return answers.success(call, answer(call, deadline));
    }

    /** The id of the Kafka cluster that this Connect cluster belongs to. */
    public String kafkaClusterId(Deadline deadline) {
        RestCall call = RestCall.get("read the cluster's id");
        JsonNode id = send(call, deadline).path("kafka_cluster_id");
        if (!id.isTextual()) {
            throw answers.strange(call, "no 'kafka_cluster_id'");
        }
        return id.textValue();
    }

    /** All connectors by name. */
    public SortedMap<String, Connector> connectors(Deadline deadline) {
        RestCall call = RestCall.get("list connectors", "connectors")
                .query("expand", "info")
                .query("expand", "status");
        return answers.connectors(call, send(call, deadline));
    }

    /** A connector; empty if there is none of that name. */
    public Optional<Connector> findConnector(String name, Deadline deadline) {
        RestCall call = RestCall.get("read connector " + name, "connectors", name);
        RestAnswer info = answer(call, deadline);
        if (info.status() == 404) {
            return Optional.empty();
        }
        RestCall ask = RestCall.get("read the status of connector " + name, "connectors", name, "status");
        RestAnswer status = answer(ask, deadline);
        if (status.status() != 404) {
            answers.success(ask, status);
        }
        return Optional.of(
                answers.connector(call, name, answers.success(call, info).path("config"), status.body()));
    }

    /** Gives a connector this configuration, and makes the connector if there is none of that name. */
    public void put(String name, Map<String, String> config, Deadline deadline) {
        send(
                RestCall.put("configure connector " + name, "connectors", name, "config")
                        .body(new TreeMap<>(config)),
                deadline);
    }

    /**
     * Makes a connector that does nothing until it is resumed, so that its offsets can be set before (KIP-980, since Kafka
     * 3.7). Does nothing if it is there, stopped, with this configuration.
     *
     * @throws ConnectApiException if there is another one of that name
     */
    public void createStopped(String name, Map<String, String> config, Deadline deadline) {
        RestCall call = RestCall.post("create connector " + name, "connectors")
                .body(Map.of("name", name, "config", new TreeMap<>(config), "initial_state", "STOPPED"));
        RestAnswer answer = answer(call, deadline);
        if (answer.status() == 409) {
            SortedMap<String, String> wanted = new TreeMap<>(config);
            wanted.put("name", name);
            Optional<Connector> found = findConnector(name, deadline);
            if (found.isPresent()
                    && found.get().state() == ConnectorState.STOPPED
                    && found.get().config().equals(wanted)) {
                // Made by an attempt whose answer was lost.
                return;
            }
        }
        answers.success(call, answer);
        awaitState(name, Set.of(ConnectorState.STOPPED), deadline);
    }

    /** Stops reading or writing and keeps the tasks; returns when the connector is paused. */
    public void pause(String name, Deadline deadline) {
        send(RestCall.put("pause connector " + name, "connectors", name, "pause"), deadline);
        awaitState(name, Set.of(ConnectorState.PAUSED, ConnectorState.FAILED), deadline);
    }

    /** Lets a paused or stopped connector go on. Returns when that is accepted, not when its tasks run. */
    public void resume(String name, Deadline deadline) {
        send(RestCall.put("resume connector " + name, "connectors", name, "resume"), deadline);
    }

    /** Ends a connector's tasks, so that its offsets can be changed; returns when it is stopped and they are gone. */
    public void stop(String name, Deadline deadline) {
        send(RestCall.put("stop connector " + name, "connectors", name, "stop"), deadline);
        awaitState(name, Set.of(ConnectorState.STOPPED), deadline);
    }

    private void awaitState(String name, Set<ConnectorState> wanted, Deadline deadline) {
        while (true) {
            Connector connector = findConnector(name, deadline)
                    .orElseThrow(() -> new ConnectApiException(
                            "connector " + name + " at " + endpoint.base() + " has vanished meanwhile", 404));
            if (wanted.contains(connector.state())
                    && (connector.state() != ConnectorState.STOPPED
                            || connector.tasks().isEmpty())) {
                return;
            }
            if (deadline.hasPassed()) {
                throw new DeadlineExceededException("gave up waiting for connector " + name + " at " + endpoint.base()
                        + " to be " + wanted + ": it is " + connector.state());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(Math.min(100, deadline.remainingMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new OutcomeUnknownException("interrupted while waiting for connector " + name, e);
            }
        }
    }

    /** Deletes a connector; its offsets stay. Does nothing if there is none of that name. */
    public void delete(String name, Deadline deadline) {
        RestCall call = RestCall.delete("delete connector " + name, "connectors", name);
        RestAnswer answer = answer(call, deadline);
        if (answer.status() != 404) {
            answers.success(call, answer);
        }
    }

    /** How far a connector has come, as far as Connect itself keeps it (KIP-875, since Kafka 3.6). */
    public List<ConnectorOffset> offsets(String name, Deadline deadline) {
        RestCall call = RestCall.get("read the offsets of connector " + name, "connectors", name, "offsets");
        JsonNode offsets = send(call, deadline).path("offsets");
        if (!offsets.isArray()) {
            throw answers.strange(call, "no 'offsets'");
        }
        List<ConnectorOffset> found = new ArrayList<>();
        offsets.forEach(offset -> found.add(ConnectorOffset.of(offset)));
        return found;
    }

    /**
     * Sets offsets of a stopped connector; partitions that are not named keep theirs.
     *
     * @return what the worker says of it: a connector that keeps offsets elsewhere too must be set there
     * @throws ConnectApiException if it is not stopped, or does not accept them
     */
    public String alterOffsets(String name, List<ConnectorOffset> offsets, Deadline deadline) {
        String body = offsets.stream().map(ConnectorOffset::toJson).collect(Collectors.joining(",", "[", "]"));
        RestCall call = RestCall.patch("set the offsets of connector " + name, "connectors", name, "offsets")
                .text("{\"offsets\":" + body + "}");
        return send(call, deadline).path("message").asText();
    }

    /**
     * Forgets all offsets of a stopped connector.
     *
     * @return what the worker says of it
     * @throws ConnectApiException if it is not stopped, or does not accept it
     */
    public String resetOffsets(String name, Deadline deadline) {
        RestCall call = RestCall.delete("reset the offsets of connector " + name, "connectors", name, "offsets");
        return send(call, deadline).path("message").asText();
    }

    /** Everything that the worker can run: connectors, converters, transformations, predicates. */
    public List<ConnectorPlugin> plugins(Deadline deadline) {
        RestCall call = RestCall.get("list plug-ins", "connector-plugins").query("connectorsOnly", "false");
        JsonNode body = send(call, deadline);
        if (!body.isArray()) {
            throw answers.strange(call, "no plug-ins");
        }
        List<ConnectorPlugin> plugins = new ArrayList<>();
        body.forEach(plugin -> plugins.add(new ConnectorPlugin(
                plugin.path("class").asText(),
                plugin.path("type").asText(),
                plugin.path("version").asText(""))));
        return plugins;
    }

    /**
     * Lets the worker check a configuration, which makes nothing; the connector may look at its source or sink.
     *
     * @param config with {@code connector.class}
     * @return what is wrong, by key; empty if nothing is
     */
    public SortedMap<String, List<String>> validate(Map<String, String> config, Deadline deadline) {
        String plugin = pluginOf(config);
        RestCall call = RestCall.put(
                        "validate a configuration of " + plugin, "connector-plugins", plugin, "config", "validate")
                .body(new TreeMap<>(config));
        SortedMap<String, List<String>> wrong = new TreeMap<>();
        for (JsonNode key : send(call, deadline).path("configs")) {
            List<String> errors = new ArrayList<>();
            key.path("value").path("errors").forEach(error -> errors.add(error.asText()));
            if (!errors.isEmpty()) {
                wrong.put(key.path("value").path("name").asText(), List.copyOf(errors));
            }
        }
        return wrong;
    }

    /**
     * Which properties of a configuration are secret: of the type PASSWORD by what the connector, its converters,
     * transformations and predicates declare ({@code /connector-plugins/…/config}, KIP-769, since Kafka 3.2), and by what
     * Kafka's clients declare, where it overrides theirs. A plug-in that declares a secret as a plain string keeps that to
     * itself. A value may still be a mere reference such as {@code ${file:…}}.
     *
     * @param config with {@code connector.class}
     * @throws ConnectApiException if the worker lacks one of these plug-ins, so that nobody can tell
     */
    public SortedSet<String> secretKeys(Map<String, String> config, Deadline deadline) {
        pluginOf(config);
        Map<String, Set<String>> known = new HashMap<>();
        return SecretKeys.of(config, plugin -> known.computeIfAbsent(plugin, name -> passwordsOf(name, deadline)));
    }

    private static String pluginOf(Map<String, String> config) {
        return Optional.ofNullable(config.get("connector.class"))
                .orElseThrow(() -> new IllegalArgumentException("a connector's configuration needs connector.class"));
    }

    private Set<String> passwordsOf(String plugin, Deadline deadline) {
        RestCall call = RestCall.get("read what " + plugin + " declares", "connector-plugins", plugin, "config");
        JsonNode body = send(call, deadline);
        if (!body.isArray()) {
            throw answers.strange(call, "no definitions");
        }
        Set<String> passwords = new TreeSet<>();
        for (JsonNode key : body) {
            if (key.path("type").asText().equals("PASSWORD")) {
                passwords.add(key.path("name").asText());
            }
        }
        return passwords;
    }

    /** The address alone. */
    @Override
    public String toString() {
        return "ConnectCluster[" + endpoint.base() + "]";
    }
}
