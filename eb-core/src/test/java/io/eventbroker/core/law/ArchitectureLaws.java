package io.eventbroker.core.law;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of structure that every module keeps. Extend it in a module's tests and name the module's package. */
public abstract class ArchitectureLaws {
    private static final Set<String> FEATURES = Set.of("provisioning", "security", "backup", "scaling");

    private JavaClasses imported;

    /** The last part of the module's package: {@code core} of {@code io.eventbroker.core}. */
    protected abstract String module();

    private String base() {
        return "io.eventbroker." + module();
    }

    private JavaClasses code() {
        if (imported == null) {
            imported = new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(base());
            assertThat(imported).as("classes of %s", base()).isNotEmpty();
        }
        return imported;
    }

    @Test
    void dependsOnNoOtherFeatureModule() {
        String[] others = FEATURES.stream()
                .filter(feature -> !feature.equals(module()))
                .map(feature -> "io.eventbroker." + feature + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(base() + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("host applications compose the modules, the modules do not know each other")
                .check(code());
        noClasses()
                .that()
                .resideInAPackage(base() + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.eventbroker.testkit..")
                .because("the test kit is for tests")
                .check(code());
    }

    @Test
    void leavesOtherModulesInternalsAlone() {
        String[] theirs = Set.of("core", "provisioning", "security", "backup", "scaling").stream()
                .filter(other -> !other.equals(module()))
                .map(other -> "io.eventbroker." + other + "..internal..")
                .toArray(String[]::new);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(theirs)
                .because("internal packages change without notice")
                .check(code());
    }

    @Test
    void hasNoCyclesBetweenPackages() {
        slices().matching("io.eventbroker.(**)").should().beFreeOfCycles().check(code());
    }

    @Test
    void printsNothing() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("a library logs, and prints only to what the host hands it")
                .check(code());
    }

    @Test
    void usesNoKafkaInternals() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.apache.kafka.common.record..",
                                "org.apache.kafka.common.requests..",
                                "org.apache.kafka.common.message..",
                                "org.apache.kafka.common.network..",
                                "org.apache.kafka.common.internals..",
                                "org.apache.kafka.common.utils..",
                                "org.apache.kafka.clients..internals..",
                                "kafka..")
                        // Part of the public ConsumerRecord, whatever its package.
                        .and(not(equivalentTo(TimestampType.class))))
                .because("they are not an API and move between releases")
                .check(code());
    }

    @Test
    void nullMarksEveryPackage() {
        Set<String> unmarked = code().stream()
                .map(JavaClass::getPackage)
                .filter(one -> !one.isAnnotatedWith(NullMarked.class))
                .map(one -> one.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unmarked).as("packages without @NullMarked").isEmpty();
    }

    @Test
    void throwsOnlyItsOwnRoot() {
        ArchRuleDefinition.classes()
                .that()
                .areAssignableTo(RuntimeException.class)
                .and()
                .resideInAPackage(base() + "..")
                .should()
                .beAssignableTo("io.eventbroker.core.EventBrokerException")
                .orShould()
                .beAssignableTo(IllegalArgumentException.class)
                .allowEmptyShould(true)
                .check(code());
    }
}
