package io.eventbroker.provisioning.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FieldChangeTest {
    @Test
    void showsOfALongTextTheLinesThatDiffer() {
        // Given a file whose first lines, longer than what is shown of a value, stay
        String head = "\"authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\\n";
        FieldChange change = new FieldChange(
                ".data.server.properties",
                Optional.of(head + "min.insync.replicas=2\\nnode.id=0\\n\""),
                Optional.of(head + "node.id=0\\nnum.partitions=6\\n\""));

        // Then
        assertThat(change).hasToString(".data.server.properties −min.insync.replicas=2, +num.partitions=6");
    }

    @Test
    void showsAShortValueBeforeAndAfter() {
        assertThat(new FieldChange(".spec.replicas", Optional.of("3"), Optional.of("4")))
                .hasToString(".spec.replicas 3 → 4");
    }

    @Test
    void showsTheFirstOfManyLines() {
        // Given
        String before = "\"a\\n\"";
        String after = "\"1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n\"";

        // Then
        assertThat(new FieldChange(".data.x", Optional.of(before), Optional.of(after)))
                .hasToString(".data.x −a, +1, +2, +3, +4, +5, +6, +7 and 2 more lines");
    }
}
