package io.eventbroker.core.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.eventbroker.core.BrokerId;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.cluster.JsonForms.AclForm;
import io.eventbroker.core.cluster.JsonForms.ConfigForm;
import io.eventbroker.core.cluster.JsonForms.FeaturesForm;
import io.eventbroker.core.cluster.JsonForms.GroupForm;
import io.eventbroker.core.cluster.JsonForms.LogDirsForm;
import io.eventbroker.core.cluster.JsonForms.TopicForm;
import io.eventbroker.core.json.CanonicalJson;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ClusterState} as JSON, one topic, group or table of properties at a time. Tables of properties are numbered in
 * the order of their first use, and topics and brokers name them by number, for most topics have the same.
 *
 * <p>The version stands first, so that a reader refuses what it does not know before it stumbles over it.
 */
final class StateJson {
    private static final int VERSION = 1;
    private static final String VERSION_KEY = "clusterState";
    private static final String CONTENT_KEY = "content";

    private StateJson() {}

    static void write(ClusterState state, Writer out) {
        Map<ConfigTable, Integer> tables = new LinkedHashMap<>();
        state.brokerConfigTables().ifPresent(all -> all.values().forEach(t -> tables.putIfAbsent(t, tables.size())));
        state.topics()
                .values()
                .forEach(topic -> topic.configTable().ifPresent(table -> tables.putIfAbsent(table, tables.size())));
        try (JsonGenerator json = CanonicalJson.generator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setPrettyPrinter(new OneEntryALine());
            json.writeStartObject();
            json.writeNumberField(VERSION_KEY, VERSION);
            json.writeObjectFieldStart(CONTENT_KEY);
            content(state, tables, json);
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the state of cluster " + state.clusterId(), e);
        }
    }

    /** Keys in alphabetical order. */
    private static void content(ClusterState state, Map<ConfigTable, Integer> tables, JsonGenerator json)
            throws IOException {
        if (state.has(Part.ACLS)) {
            json.writeObjectFieldStart("acls");
            array(
                    json,
                    "bindings",
                    state.acls().bindings().stream().map(AclForm::of).toList());
            json.writeBooleanField("enforced", state.acls().enforced());
            json.writeEndObject();
        }
        if (state.brokerConfigTables().isPresent()) {
            SortedMap<BrokerId, Integer> numbers = new TreeMap<>();
            state.brokerConfigTables().get().forEach((id, table) -> numbers.put(id, tables.get(table)));
            json.writeArrayFieldStart("brokerConfigs");
            for (Map.Entry<BrokerId, Integer> entry : numbers.entrySet()) {
                json.writePOJO(new JsonForms.BrokerConfigForm(entry.getKey(), entry.getValue()));
            }
            json.writeEndArray();
        }
        array(json, "brokers", state.brokers().values());
        json.writeStringField("clusterId", state.clusterId());
        json.writeArrayFieldStart("configs");
        for (ConfigTable table : tables.keySet()) {
            json.writeStartObject();
            for (Map.Entry<String, ConfigValue> entry : table.toMap().entrySet()) {
                json.writeFieldName(entry.getKey());
                json.writePOJO(ConfigForm.of(entry.getValue()));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        if (state.has(Part.FEATURES)) {
            json.writePOJOField("features", FeaturesForm.of(state.features()));
        }
        array(json, "gaps", state.gaps());
        if (state.has(Part.GROUPS)) {
            json.writeArrayFieldStart("groups");
            for (GroupState group : state.groups().values()) {
                json.writePOJO(GroupForm.of(group));
            }
            json.writeEndArray();
        }
        if (state.has(Part.SIZES)) {
            json.writeArrayFieldStart("logDirs");
            for (Map.Entry<BrokerId, List<LogDir>> entry : state.logDirs().entrySet()) {
                json.writePOJO(new LogDirsForm(entry.getKey(), entry.getValue()));
            }
            json.writeEndArray();
        }
        array(json, "parts", state.parts());
        if (state.has(Part.QUORUM)) {
            json.writePOJOField("quorum", state.quorum());
        }
        if (state.has(Part.QUOTAS)) {
            array(json, "quotas", state.quotas());
        }
        if (state.has(Part.SCRAM_USERS)) {
            array(json, "scramUsers", state.scramUsers().values());
        }
        json.writeArrayFieldStart("topics");
        for (TopicState topic : state.topics().values()) {
            json.writePOJO(TopicForm.of(topic, topic.configTable().map(tables::get)));
        }
        json.writeEndArray();
    }

    private static void array(JsonGenerator json, String key, Iterable<?> elements) throws IOException {
        json.writeArrayFieldStart(key);
        for (Object element : elements) {
            json.writePOJO(element);
        }
        json.writeEndArray();
    }

    static ClusterState read(Reader in) {
        try (JsonParser json = CanonicalJson.parser(in)) {
            json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            expect(json, json.nextToken(), JsonToken.START_OBJECT);
            if (!VERSION_KEY.equals(json.nextFieldName())) {
                throw unexpected(json, "a cluster state begins with its version, \"" + VERSION_KEY + "\"");
            }
            int version = json.nextIntValue(-1);
            if (version != VERSION) {
                throw unexpected(
                        json,
                        "only version " + VERSION + " of \"" + VERSION_KEY
                                + "\" can be read; a later one needs a later release");
            }
            if (!CONTENT_KEY.equals(json.nextFieldName())) {
                throw unexpected(json, "\"" + CONTENT_KEY + "\" must follow the version");
            }
            ClusterState state = new Content(json).read();
            expect(json, json.nextToken(), JsonToken.END_OBJECT);
            if (json.nextToken() != null) {
                throw unexpected(json, "nothing may follow a cluster state");
            }
            return state;
        } catch (JsonProcessingException e) {
            throw CanonicalJson.unreadable("the cluster state", e);
        } catch (IllegalArgumentException e) {
            throw new EventBrokerException("cannot read the cluster state: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the cluster state", e);
        }
    }

    private static EventBrokerException unexpected(JsonParser json, String expected) {
        return new EventBrokerException("cannot read the cluster state at line "
                + json.currentLocation().getLineNr() + ", column "
                + json.currentLocation().getColumnNr() + ": " + expected);
    }

    private static void expect(JsonParser json, @Nullable JsonToken found, JsonToken wanted) {
        if (found != wanted) {
            throw unexpected(json, "expected " + wanted + ", found " + (found == null ? "the end" : found.toString()));
        }
    }

    private static final class Content {
        private final JsonParser json;
        private final StateBuilder state = new StateBuilder("");
        private final ConfigTable.Interner interner = new ConfigTable.Interner();
        private final List<ConfigTable> tables = new ArrayList<>();
        private final List<JsonForms.BrokerConfigForm> brokerConfigs = new ArrayList<>();
        private final List<AclForm> bindings = new ArrayList<>();

        private @Nullable Boolean enforced;
        private boolean withBrokerConfigs;

        Content(JsonParser json) {
            this.json = json;
        }

        ClusterState read() throws IOException {
            expect(json, json.nextToken(), JsonToken.START_OBJECT);
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                json.nextToken();
                field(key);
            }
            expect(json, json.currentToken(), JsonToken.END_OBJECT);
            if (state.clusterId.isEmpty()) {
                throw unexpected(json, "\"clusterId\" is missing");
            }
            if (enforced != null) {
                state.acls = new Acls(
                        enforced, bindings.stream().map(AclForm::binding).toList());
            }
            if (withBrokerConfigs) {
                SortedMap<BrokerId, ConfigTable> byBroker = new TreeMap<>();
                for (JsonForms.BrokerConfigForm form : brokerConfigs) {
                    byBroker.put(form.broker(), table(form.configs()));
                }
                state.brokerConfigs = byBroker;
            }
            return new ClusterState(state);
        }

        private void field(String key) throws IOException {
            switch (key) {
                case "acls" -> acls();
                case "brokerConfigs" -> {
                    withBrokerConfigs = true;
                    each(JsonForms.BrokerConfigForm.class, brokerConfigs::add);
                }
                case "brokers" -> each(Broker.class, broker -> state.brokers.put(broker.id(), broker));
                case "clusterId" -> state.clusterId = CanonicalJson.next(json, String.class);
                case "configs" -> configs();
                case "features" ->
                    state.features =
                            CanonicalJson.next(json, FeaturesForm.class).features();
                case "gaps" -> each(Gap.class, state.gaps::add);
                case "groups" -> {
                    SortedMap<String, GroupState> groups = new TreeMap<>();
                    each(GroupForm.class, form -> groups.put(form.id(), form.group()));
                    state.groups = groups;
                }
                case "logDirs" -> {
                    SortedMap<BrokerId, List<LogDir>> dirs = new TreeMap<>();
                    each(LogDirsForm.class, form -> dirs.put(form.broker(), form.dirs()));
                    state.logDirs = dirs;
                }
                case "parts" -> each(Part.class, state.parts::add);
                case "quorum" -> state.quorum = CanonicalJson.next(json, Quorum.class);
                case "quotas" -> {
                    List<ClientQuota> quotas = new ArrayList<>();
                    each(ClientQuota.class, quotas::add);
                    state.quotas = quotas;
                }
                case "scramUsers" -> {
                    SortedMap<String, ScramUser> users = new TreeMap<>();
                    each(ScramUser.class, user -> users.put(user.name(), user));
                    state.scramUsers = users;
                }
                case "topics" ->
                    each(
                            TopicForm.class,
                            form -> state.topics.put(
                                    TopicName.of(form.name()),
                                    form.topic(form.configs().map(this::table))));
                default -> throw unexpected(json, "unknown key \"" + key + "\"");
            }
        }

        private ConfigTable table(int number) {
            if (number < 0 || number >= tables.size()) {
                throw unexpected(
                        json, "there are " + tables.size() + " tables of \"configs\", but one refers to " + number);
            }
            return tables.get(number);
        }

        private void acls() throws IOException {
            expect(json, json.currentToken(), JsonToken.START_OBJECT);
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                json.nextToken();
                switch (key) {
                    case "bindings" -> each(AclForm.class, bindings::add);
                    case "enforced" -> enforced = CanonicalJson.next(json, Boolean.class);
                    default -> throw unexpected(json, "unknown key \"" + key + "\" of \"acls\"");
                }
            }
            if (enforced == null) {
                throw unexpected(json, "\"enforced\" of \"acls\" is missing");
            }
        }

        private void configs() throws IOException {
            expect(json, json.currentToken(), JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                SortedMap<String, ConfigValue> values = new TreeMap<>();
                for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                    expect(json, json.nextToken(), JsonToken.START_OBJECT);
                    values.put(
                            key.intern(),
                            CanonicalJson.next(json, ConfigForm.class).configValue());
                }
                tables.add(interner.table(values));
            }
            expect(json, json.currentToken(), JsonToken.END_ARRAY);
        }

        private interface Taker<T> {
            void take(T element);
        }

        private <T> void each(Class<T> type, Taker<T> taker) throws IOException {
            expect(json, json.currentToken(), JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() == null || json.currentToken() == JsonToken.VALUE_NULL) {
                    throw unexpected(json, "expected an element of an array");
                }
                taker.take(CanonicalJson.next(json, type));
            }
        }
    }
}
