package io.eventbroker.core.diagram;

import java.util.List;

/** Boxes and the arrows between them, in the order in which they are written. */
record Picture(List<Box> boxes, List<Arrow> arrows) {
    Picture {
        boxes = List.copyOf(boxes);
        arrows = List.copyOf(arrows);
    }
}
