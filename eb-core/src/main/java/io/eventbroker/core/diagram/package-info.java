/**
 * Pictures of topologies and of what is replicated between them, as Mermaid text and as SVG.
 *
 * <p>Start reading at {@link io.eventbroker.core.diagram.Diagram}. A topology becomes boxes and arrows first, and these
 * become text; names that people chose are escaped there. The same model gives the same Mermaid text everywhere, and the
 * same SVG on machines with the same fonts and PlantUML. Everything is immutable and for use by any thread.
 */
@NullMarked
package io.eventbroker.core.diagram;

import org.jspecify.annotations.NullMarked;
