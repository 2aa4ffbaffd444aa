package io.eventbroker.security;

import io.eventbroker.core.law.ArchitectureLaws;

class ArchitectureTest extends ArchitectureLaws {
    @Override
    protected String module() {
        return "security";
    }
}
