package io.eventbroker.core.lint;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.lint.policy.DocumentRef;
import io.eventbroker.core.problem.SourceLocation;

/** A document in which findings stand, ours or not. */
interface Place {
    DocumentRef ref();

    SourceLocation locate(String path);

    /** The path with the names of items in place of their numbers. */
    String named(String path);

    static Place of(Manifest manifest) {
        return new Place() {
            @Override
            public DocumentRef ref() {
                return manifest.ref();
            }

            @Override
            public SourceLocation locate(String path) {
                return manifest.root().locate(path);
            }

            @Override
            public String named(String path) {
                return ElementNames.inTree(manifest.root(), path);
            }
        };
    }

    static Place of(Document<?> document) {
        return new Place() {
            @Override
            public DocumentRef ref() {
                return new DocumentRef(document.kind().name(), document.name());
            }

            @Override
            public SourceLocation locate(String path) {
                return document.locate(path);
            }

            @Override
            public String named(String path) {
                return ElementNames.inRecord(document.value(), path);
            }
        };
    }
}
