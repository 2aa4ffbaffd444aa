package io.eventbroker.core;

import io.eventbroker.core.law.ArchitectureLaws;

class CoreArchitectureTest extends ArchitectureLaws {
    @Override
    protected String module() {
        return "core";
    }
}
