package io.eventbroker.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The bill of materials has no parent, so nothing but this keeps it true. */
class BomTest {
    private static final Path ROOT = Path.of("..");
    /** The bill itself, and what nobody depends on. */
    private static final Set<String> NOT_FOR_HOSTS = Set.of("eb-bom", "eb-examples", "eb-benchmarks");

    @Test
    void listsTheModulesOfTheBuildAndNothingElse() throws Exception {
        List<String> modules = new ArrayList<>();
        for (Element module : children(child(pom(ROOT), "modules"))) {
            String artifact = text(pom(ROOT.resolve(module.getTextContent().strip())), "artifactId");
            if (!NOT_FOR_HOSTS.contains(artifact)) {
                modules.add("io.eventbroker:" + artifact + ":${project.version}");
            }
        }

        List<String> listed = new ArrayList<>();
        Element bom = pom(ROOT.resolve("eb-bom"));
        for (Element one : children(child(child(bom, "dependencyManagement"), "dependencies"))) {
            listed.add(text(one, "groupId") + ":" + text(one, "artifactId") + ":" + text(one, "version"));
        }

        assertThat(listed).isNotEmpty().containsExactlyInAnyOrderElementsOf(modules);
        assertThat(children(bom)).extracting(Element::getTagName).doesNotContain("parent", "dependencies");
    }

    @Test
    void hasTheVersionOfTheBuild() throws Exception {
        Element root = pom(ROOT);
        String version = text(root, "version");

        assertThat(text(pom(ROOT.resolve("eb-bom")), "version")).isEqualTo(version);
        assertThat(text(pom(ROOT.resolve("eb-bom")), "groupId")).isEqualTo(text(root, "groupId"));
        for (Element module : children(child(root, "modules"))) {
            Element pom = pom(ROOT.resolve(module.getTextContent().strip()));
            if (!text(pom, "artifactId").equals("eb-bom")) {
                assertThat(text(child(pom, "parent"), "version"))
                        .as(module.getTextContent())
                        .isEqualTo(version);
            }
        }
    }

    private static Element pom(Path folder) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("pom.xml").toFile())
                .getDocumentElement();
    }

    private static List<Element> children(Element parent) {
        List<Element> elements = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static Element child(Element parent, String name) {
        return children(parent).stream()
                .filter(element -> element.getTagName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(parent.getTagName() + " has no " + name));
    }

    private static String text(Element parent, String name) {
        return child(parent, name).getTextContent().strip();
    }
}
