package io.eventbroker.backup;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.eventbroker.core.law.ArchitectureLaws;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class BackupArchitectureTest extends ArchitectureLaws {
    @Override
    protected String module() {
        return "backup";
    }

    @Test
    void usesNoneOfKafkasInternals() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.apache.kafka.common.record..",
                                "org.apache.kafka.common.requests..",
                                "org.apache.kafka.common.message..",
                                "org.apache.kafka.common.network..",
                                "org.apache.kafka.common.protocol..",
                                "org.apache.kafka.common.compress..",
                                "org.apache.kafka.common.utils..",
                                "org.apache.kafka.common.security.ssl..",
                                "org.apache.kafka..internals..")
                        // Of the public ConsumerRecord, whatever its package.
                        .and(not(equivalentTo(TimestampType.class))))
                .because("they move between releases; only the wire protocol is stable")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.eventbroker.backup"));
    }
}
