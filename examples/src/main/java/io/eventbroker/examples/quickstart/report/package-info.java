/**
 * What the quick start measured, as {@code report.json} for programs and as one self-contained HTML file for people.
 *
 * <p>Start reading at {@link io.eventbroker.examples.quickstart.report.QuickStartReport}. Nothing here starts a thread.
 */
@NullMarked
package io.eventbroker.examples.quickstart.report;

import org.jspecify.annotations.NullMarked;
