package io.eventbroker.core.diagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topology.MultiRegion;
import io.eventbroker.core.topology.MultiRegions;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.TopologyGenerator;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What a reader of the pictures finds in them. */
class DiagramTest {
    private static final Path SAMPLE = Path.of("src/test/resources/topology/production.yaml");

    /** A name that would end a label, start a directive, or run a script, wherever it is not escaped. */
    private static final String HOSTILE =
            "\"] --> x\n!include /etc/passwd\n@enduml <script>alert(1)</script> [[http://x]] #quot; &amp; $x %load()";

    /** A rectangle and the texts that stand in its group. */
    private record Drawn(double x, double y, double width, double height, List<String> texts) {
        boolean holds(Drawn other) {
            return x <= other.x
                    && y <= other.y
                    && x + width >= other.x + other.width
                    && y + height >= other.y + other.height;
        }

        boolean isAbove(Drawn other) {
            return y + height <= other.y;
        }
    }

    @Test
    void showsTheWayFromApplicationsThroughMeshAndServicesToTheBrokersInTheirZones() throws Exception {
        // Given
        Topology topology = sample().topology("kafka-prod");

        // When
        Map<String, Drawn> boxes = boxes(Diagram.of(topology).toSvg());

        // Then
        Drawn cluster = boxes.get("cluster");
        Drawn brokers = boxes.get("brokers");
        for (String client : List.of("consumers", "producers")) {
            assertThat(boxes.get(client).isAbove(boxes.get("mesh"))).isTrue();
            assertThat(boxes.get(client).isAbove(boxes.get("gateway0"))).isTrue();
        }
        assertThat(boxes.get("mesh").isAbove(cluster)).isTrue();
        assertThat(cluster.holds(brokers)).isTrue();
        for (String service : List.of("restProxy", "schemaRegistry", "connect", "ksqlDb", "controlCenter")) {
            assertThat(cluster.holds(boxes.get(service))).as(service).isTrue();
            assertThat(boxes.get(service).isAbove(brokers)).as(service).isTrue();
        }
        assertThat(boxes.get("restProxy").texts())
                .containsExactly(
                        "REST Proxy",
                        "kafka-prod-rest-proxy × 2",
                        ":8082 TLS, oauthbearer",
                        "uses Schema Registry",
                        "zones az-a, az-b");
        assertThat(boxes.get("listener1").texts())
                .containsExactly("Listener external :9093", "external, SASL_SSL, oauthbearer");
        assertThat(boxes.get("access1").texts()).containsExactly("Private link", "external.kafka.example.com");
        assertThat(boxes.get("gateway0").texts()).containsExactly("API gateway with firewall", "edge");
    }

    @Test
    void drawsEachBrokerInsideItsZone() throws Exception {
        Topology topology = sample().topology("kafka-prod");

        Map<String, Drawn> boxes = boxes(Diagram.of(topology).toSvg());

        for (int ordinal = 0; ordinal < topology.brokers().replicas(); ordinal++) {
            String pod = topology.brokers().podName(ordinal);
            String zone = "Zone " + topology.zoneOf(topology.brokers(), ordinal);
            Drawn broker = withText(boxes, pod);
            assertThat(withText(boxes, zone).holds(broker))
                    .as(pod + " in " + zone)
                    .isTrue();
            assertThat(boxes.get("brokers").holds(broker)).isTrue();
        }
    }

    @Test
    void labelsFlowsBetweenRegions() throws Exception {
        // Given
        Platform platform = sample();
        MultiRegion regions = platform.one(MultiRegions.KIND, "event-platform");

        // When
        String svg = Diagram.of(regions, platform.all(Topologies.KIND)).toSvg();

        // Then
        Map<String, Drawn> boxes = boxes(svg);
        assertThat(texts(svg))
                .contains(
                        "Region east",
                        "Region west",
                        "MirrorMaker 2 in kafka-standby",
                        "topics orders.*, payments.*",
                        "active",
                        "standby",
                        "kafka-standby-8");
        assertThat(boxes.get("region1").holds(withText(boxes, "kafka-standby-8")))
                .isTrue();
        assertThat(boxes.get("region1").holds(withText(boxes, "kafka-prod-8"))).isFalse();
    }

    @Test
    void writesMermaidOfTheSameStructure() {
        Topology topology = sample().topology("kafka-prod");

        String mermaid = Diagram.of(topology).toMermaid();

        assertThat(mermaid)
                .startsWith("flowchart TB\n")
                .contains("subgraph zone1 [\"Zone az-b\"]\n        zone1broker0[\"kafka-prod-1\"]:::lookbroker\n")
                .contains("  brokers -->|\"metadata\"| controllers\n")
                .contains("  producers --> mesh\n", "  mesh --> listener0\n", "  restProxy --> listener0\n");
        assertThat(mermaid.lines().filter(line -> line.strip().startsWith("subgraph")))
                .hasSameSizeAs(mermaid.lines()
                        .filter(line -> line.strip().equals("end"))
                        .toList());
        topology.components().forEach(component -> assertThat(mermaid).contains(component.name()));
    }

    @Test
    void writesMermaidOfFlows() {
        Platform platform = sample();

        String mermaid = Diagram.of(platform.one(MultiRegions.KIND, "event-platform"), List.of())
                .toMermaid();

        assertThat(mermaid)
                .contains(
                        "  region0cluster ==>|\"MirrorMaker 2 in kafka-standby<br/>topics orders.#42;, payments.#42;\"|"
                                + " region1cluster\n");
    }

    @Test
    void takesNoNameForAnythingElse() throws Exception {
        // Given
        Picture picture = new Picture(
                List.of(Box.of("a", Box.Look.CLUSTER, HOSTILE).holding(List.of(Box.of("b", Box.Look.BROKER, HOSTILE)))),
                List.of(Arrow.of("b", "b", Arrow.Style.REPLICATES, HOSTILE)));
        String shown = HOSTILE.replace('\n', '?');

        // When
        String svg = Svg.write(picture);
        String mermaid = Mermaid.write(picture);

        // Then
        assertThat(texts(svg)).filteredOn(shown::equals).hasSize(3);
        assertThat(boxes(svg)).containsOnlyKeys("a", "b");
        assertThat(svg).doesNotContain("<script", "<a ");
        assertThat(mermaid.lines().takeWhile(line -> !line.contains("classDef")))
                .hasSize(6)
                .noneMatch(line -> line.contains("script>") || line.contains("[["));
        assertThat(unescaped(mermaid)).contains("subgraph a [\"" + shown + "\"]");
    }

    @Test
    void drawsTheSameTwice() {
        Topology topology = sample().topology("kafka-prod");

        assertThat(Diagram.of(topology).toSvg()).isEqualTo(Diagram.of(topology).toSvg());
        assertThat(Diagram.of(topology).toMermaid())
                .isEqualTo(Diagram.of(topology).toMermaid());
    }

    @Test
    void drawsEveryTopology() throws Exception {
        TopologyGenerator generate = new TopologyGenerator(1);
        for (int i = 0; i < 25; i++) {
            Topology topology = generate.topology("kafka-" + i);

            List<String> texts = texts(Diagram.of(topology).toSvg());

            assertThat(texts).contains("Cluster " + topology.name());
            topology.componentsByKey()
                    .forEach((key, component) ->
                            assertThat(texts).as(key).anyMatch(text -> text.startsWith(component.name())));
            topology.brokers()
                    .listeners()
                    .forEach(listener ->
                            assertThat(texts).contains("Listener " + listener.name() + " :" + listener.port()));
        }
    }

    @Test
    void standsForManyBrokersWithOneBox() throws IOException {
        Topology many = Specs.standard()
                .parse("many", Files.readString(SAMPLE).replace("replicas: 12\n", "replicas: 300\n"))
                .topology("kafka-prod");

        String mermaid = Diagram.of(many).toMermaid();

        assertThat(mermaid).contains("zone2brokers[\"kafka-prod-2 … kafka-prod-299<br/>100 brokers\"]");
        assertThat(mermaid).contains("brokers -->|\"metadata\"| controllers", "zone0brokers ~~~ controllers");
    }

    @Test
    void saysWhatIsMissingWithoutPlantUml() throws Exception {
        // Given
        List<URL> withoutPlantUml = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("plantuml")) {
                withoutPlantUml.add(url(entry));
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(withoutPlantUml.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> specs = loader.loadClass(Specs.class.getName());
            Object standard = specs.getMethod("standard").invoke(null);
            Object platform = specs.getMethod("read", Path[].class).invoke(standard, (Object) new Path[] {SAMPLE});
            Object topology =
                    platform.getClass().getMethod("topology", String.class).invoke(platform, "kafka-prod");
            Object diagram = loader.loadClass(Diagram.class.getName())
                    .getMethod("of", topology.getClass())
                    .invoke(null, topology);

            // When, Then
            assertThat(diagram.getClass().getMethod("toMermaid").invoke(diagram))
                    .asString()
                    .contains("flowchart");
            assertThatThrownBy(() -> diagram.getClass().getMethod("toSvg").invoke(diagram))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasMessageContaining("add net.sourceforge.plantuml:plantuml-mit to the class path");
        }
    }

    private static URL url(String entry) throws MalformedURLException {
        return Path.of(entry).toUri().toURL();
    }

    private static Platform sample() {
        return Specs.standard().read(SAMPLE);
    }

    private static String unescaped(String mermaid) {
        return Pattern.compile("#([0-9]+);")
                .matcher(mermaid)
                .replaceAll(entity -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(entity.group(1)))));
    }

    private static Element parse(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    private static List<String> texts(String svg) throws Exception {
        NodeList nodes = parse(svg).getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent().replace('\u00a0', ' '));
        }
        return texts;
    }

    /** By the last part of the box's qualified name, which is its id. */
    private static Map<String, Drawn> boxes(String svg) throws Exception {
        Map<String, Drawn> boxes = new LinkedHashMap<>();
        NodeList groups = parse(svg).getElementsByTagName("g");
        for (int i = 0; i < groups.getLength(); i++) {
            Element group = (Element) groups.item(i);
            String name = group.getAttribute("data-qualified-name");
            if (!name.isEmpty()) {
                Element rectangle = (Element) group.getElementsByTagName("rect").item(0);
                List<String> texts = new ArrayList<>();
                NodeList nodes = group.getElementsByTagName("text");
                for (int j = 0; j < nodes.getLength(); j++) {
                    texts.add(nodes.item(j).getTextContent().replace('\u00a0', ' '));
                }
                boxes.put(
                        name.substring(name.lastIndexOf('.') + 1),
                        new Drawn(
                                number(rectangle, "x"),
                                number(rectangle, "y"),
                                number(rectangle, "width"),
                                number(rectangle, "height"),
                                texts));
            }
        }
        return boxes;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static Drawn withText(Map<String, Drawn> boxes, String text) {
        return boxes.values().stream()
                .filter(box -> box.texts().contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no box says " + text));
    }
}
