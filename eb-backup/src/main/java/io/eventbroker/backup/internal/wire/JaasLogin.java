package io.eventbroker.backup.internal.wire;

import java.io.IOException;
import java.io.StreamTokenizer;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;

/**
 * What {@code sasl.jaas.config} says: one login module, a flag, options. The form is that of the JDK's
 * {@code javax.security.auth.login.Configuration} files without a name around it.
 *
 * @param module the class of the login module; only named, never loaded
 * @param options by name; may hold secrets
 */
record JaasLogin(String module, Map<String, String> options) {
    JaasLogin {
        options = Map.copyOf(options);
    }

    /**
     * Reads the property.
     *
     * @throws IllegalArgumentException if it is not of the form; the message does not repeat it
     */
    static JaasLogin parse(String text) {
        try {
            StreamTokenizer tokens = new StreamTokenizer(new StringReader(text));
            tokens.quoteChar('"');
            tokens.wordChars('$', '$');
            tokens.wordChars('_', '_');
            tokens.wordChars('-', '-');
            String module = word(tokens, "the class of a login module");
            String flag = word(tokens, "'required'");
            if (!List.of("required", "requisite", "sufficient", "optional").contains(flag.toLowerCase(Locale.ROOT))) {
                throw broken("'required' behind the class of the login module");
            }
            Map<String, String> options = new LinkedHashMap<>();
            while (tokens.nextToken() != ';') {
                tokens.pushBack();
                String name = word(tokens, "the name of an option, or ';' at the end");
                if (tokens.nextToken() != '=') {
                    throw broken("'=' behind option " + name);
                }
                options.put(name, word(tokens, "a value for option " + name));
            }
            if (tokens.nextToken() != StreamTokenizer.TT_EOF) {
                throw broken("one login module alone");
            }
            return new JaasLogin(module, options);
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot be read", e);
        }
    }

    private static String word(StreamTokenizer tokens, String what) throws IOException {
        int token = tokens.nextToken();
        if ((token != StreamTokenizer.TT_WORD && token != '"' && token != '\'') || tokens.sval == null) {
            throw broken(what);
        }
        return tokens.sval;
    }

    private static IllegalArgumentException broken(String expected) {
        return new IllegalArgumentException("sasl.jaas.config: expected " + expected
                + "; write <login module> required <name>=\"<value>\" …; with a semicolon at the end");
    }

    /** The value of an option that must be there. */
    String required(String option) {
        String value = options.get(option);
        if (value == null) {
            throw new IllegalArgumentException("sasl.jaas.config: option '" + option + "' is missing");
        }
        return value;
    }

    /** As Kafka hands it to callback handlers. */
    List<AppConfigurationEntry> entries() {
        return List.of(new AppConfigurationEntry(module, LoginModuleControlFlag.REQUIRED, options));
    }

    /** Options may be secret. */
    @Override
    public String toString() {
        return module + " [options hidden]";
    }
}
