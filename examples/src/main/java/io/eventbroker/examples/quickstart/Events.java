package io.eventbroker.examples.quickstart;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** JSON events of about 500 bytes, as an order service might write them: the same for the same number. */
final class Events {
    private static final String[] CITIES = {"Lisbon", "Osaka", "Quito", "Tromsø", "Windhoek", "Zagreb"};
    private static final String[] SKUS = {"BOOK-1093", "LAMP-2210", "MUG-0042", "DESK-7781", "PEN-0007", "CHAIR-3355"};
    private static final String[] STATES = {"PLACED", "PAID", "PACKED"};
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz     ";

    private final Random random = new Random(0);

    /** The key of the event: the order that it is about; events of an order share a partition. */
    byte[] key(long number) {
        return ("order-" + number % 50_021).getBytes(StandardCharsets.US_ASCII);
    }

    byte[] value(long number) {
        random.setSeed(number);
        StringBuilder json = new StringBuilder(640);
        json.append("{\"eventId\":\"")
                .append(Long.toHexString(random.nextLong()))
                .append(Long.toHexString(random.nextLong()));
        json.append("\",\"type\":\"orders.order.placed\",\"version\":3,\"sequence\":")
                .append(number);
        json.append(",\"orderId\":\"order-").append(number % 50_021);
        json.append("\",\"customer\":{\"id\":").append(random.nextInt(1_000_000));
        json.append(",\"city\":\"").append(CITIES[random.nextInt(CITIES.length)]);
        json.append("\",\"loyalty\":").append(random.nextBoolean()).append("},\"state\":\"");
        json.append(STATES[random.nextInt(STATES.length)]).append("\",\"items\":[");
        int items = 1 + random.nextInt(3);
        for (int i = 0; i < items; i++) {
            json.append(i == 0 ? "" : ",").append("{\"sku\":\"").append(SKUS[random.nextInt(SKUS.length)]);
            json.append("\",\"quantity\":").append(1 + random.nextInt(9));
            json.append(",\"priceCents\":").append(100 + random.nextInt(90_000)).append('}');
        }
        json.append("],\"note\":\"");
        while (json.length() < 490) {
            json.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return json.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
    }

    byte[] trace(long number) {
        return Long.toHexString(number * 0x9E3779B97F4A7C15L).getBytes(StandardCharsets.US_ASCII);
    }
}
