package io.eventbroker.examples.quickstart.report;

/** How the page looks: colours as variables, so that light and dark differ in one place. */
final class StyleSheet {
    /** Has no character that XML would read as markup. */
    static final String CSS = """

            :root {
              color-scheme: light dark;
              --page: #f4f6f8; --card: #ffffff; --inset: #f4f6f8; --ink: #16202c; --muted: #586675; --rule: #dfe4e9;
              --good: #137a56; --good-soft: #e2f4ec; --bad: #b3261e; --bad-soft: #fbe6e4;
              --c1: #2461c4; --c2: #cf5c13; --c3: #0f8068; --c4: #8145b0; --c5: #8f6a00; --c6: #bb2d55;
            }
            @media (prefers-color-scheme: dark) {
              :root {
                --page: #0f141a; --card: #171e26; --inset: #10161d; --ink: #e7ecf1; --muted: #9ba8b5; --rule: #2b3540;
                --good: #5fd3a5; --good-soft: #12332a; --bad: #ff9d94; --bad-soft: #42201e;
                --c1: #74a7ff; --c2: #ff9d5e; --c3: #4bcbab; --c4: #c496f2; --c5: #dcb24a; --c6: #ff86a4;
              }
            }
            * { box-sizing: border-box; }
            html { -webkit-text-size-adjust: 100%; }
            body {
              margin: 0; background: var(--page); color: var(--ink);
              font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
            }
            main { max-width: 1000px; margin: 0 auto; padding: 32px 20px 56px; }
            header { margin-bottom: 24px; }
            h1 { font-size: clamp(26px, 5vw, 36px); line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 8px;
              text-wrap: balance; overflow-wrap: anywhere; }
            header p { color: var(--muted); margin: 0; max-width: 68ch; }
            .eyebrow { font-size: 13px; margin: 0 0 6px; }
            section { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 20px;
              margin-top: 16px; }
            h2 { font-size: 18px; line-height: 1.3; margin: 0 0 4px; letter-spacing: -0.01em; }
            h3 { font-size: 14px; margin: 0 0 8px; }
            .lead { color: var(--muted); margin: 0 0 14px; font-size: 14px; max-width: 75ch; }
            .none { color: var(--muted); margin: 8px 0 0; }
            .tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 0; }
            .tile { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 14px 16px;
              min-width: 0; }
            .tile dt { font-size: 13px; color: var(--muted); }
            .tile dd { margin: 0; overflow-wrap: anywhere; }
            .tile .figure { font-size: 26px; font-weight: 650; line-height: 1.25; letter-spacing: -0.02em;
              font-variant-numeric: tabular-nums; }
            .tile .figure small { font-size: 14px; font-weight: 500; color: var(--muted); letter-spacing: 0; }
            .tile .note { font-size: 13px; color: var(--muted); }
            .yes { color: var(--good); } .no { color: var(--bad); }
            .verdicts { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; padding: 0; margin: 16px 0 0; }
            .verdicts li { font-size: 14px; font-weight: 550; padding: 4px 12px; border-radius: 99px; }
            .verdicts .yes { background: var(--good-soft); } .verdicts .no { background: var(--bad-soft); }
            .scroll { overflow-x: auto; border-radius: 6px; }
            svg { display: block; width: 100%; height: auto; font-family: inherit; }
            svg.wide { min-width: 640px; }
            svg text { fill: var(--ink); font-size: 13px; }
            svg .mark, svg .unit { fill: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
            svg .heading { font-size: 16px; font-weight: 650; }
            svg .name { font-weight: 550; }
            svg .zone-name { font-weight: 600; }
            svg .value { font-weight: 600; font-variant-numeric: tabular-nums; }
            svg .grid { stroke: var(--rule); } svg .axis { stroke: var(--muted); }
            svg .band { fill: transparent; } svg .band.odd { fill: var(--inset); }
            svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
            svg .area { opacity: 0.13; }
            svg .track { fill: var(--inset); }
            svg .mean { stroke: var(--ink); stroke-dasharray: 3 3; }
            svg .cluster { fill: var(--inset); stroke: var(--rule); }
            svg .zone { fill: var(--card); stroke: var(--rule); stroke-dasharray: 4 3; }
            svg .broker { fill: var(--inset); stroke: var(--c1); stroke-width: 1.5; }
            svg .disk { fill: none; stroke: var(--c1); stroke-width: 1.5; }
            svg .component { fill: var(--card); stroke: var(--muted); }
            svg .wire line { stroke: var(--muted); stroke-width: 1.5; }
            .s1 .line { stroke: var(--c1); } .s1 .area, .s1 .dot, svg .bar1 { fill: var(--c1); } .bg1 { background: var(--c1); }
            .s2 .line { stroke: var(--c2); } .s2 .area, .s2 .dot, svg .bar2 { fill: var(--c2); } .bg2 { background: var(--c2); }
            .s3 .line { stroke: var(--c3); } .s3 .area, .s3 .dot, svg .bar3 { fill: var(--c3); } .bg3 { background: var(--c3); }
            .s4 .line { stroke: var(--c4); } .s4 .area, .s4 .dot { fill: var(--c4); } .bg4 { background: var(--c4); }
            .s5 .line { stroke: var(--c5); } .s5 .area, .s5 .dot { fill: var(--c5); } .bg5 { background: var(--c5); }
            .s6 .line { stroke: var(--c6); } .s6 .area, .s6 .dot { fill: var(--c6); } .bg6 { background: var(--c6); }
            .legend { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; padding: 0; margin: 0 0 10px;
              font-size: 14px; color: var(--muted); }
            .legend b { color: var(--ink); font-weight: 600; }
            .legend i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; }
            .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 16px 40px; }
            .pair div { min-width: 0; }
            table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
            tr:last-child th, tr:last-child td { border-bottom: 0; }
            thead th { color: var(--muted); font-weight: 500; font-size: 13px; padding-top: 0; }
            tbody th { font-weight: 550; overflow-wrap: anywhere; }
            .number { text-align: right; white-space: nowrap; }
            th:last-child, td:last-child { padding-right: 0; }
            .share { display: block; height: 4px; border-radius: 2px; background: var(--inset); margin-top: 6px; }
            .share span { display: block; height: 4px; border-radius: 2px; background: var(--c1); min-width: 2px; }
            .steps .index { width: 28px; color: var(--muted); font-weight: 500; }
            .steps .number { width: 88px; }
            details { margin-top: 6px; font-weight: 400; }
            summary { cursor: pointer; color: var(--muted); font-size: 13px; }
            summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--c1); outline-offset: 2px; }
            pre, code { font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
            pre { background: var(--inset); border-radius: 8px; padding: 10px 12px; margin: 8px 0 4px; white-space: pre-wrap;
              overflow-wrap: anywhere; }
            code { overflow-wrap: anywhere; }
            .topics { margin-top: 18px; }
            @media (max-width: 760px) {
              main { padding: 20px 14px 40px; }
              section { padding: 16px 14px; }
              .tiles { grid-template-columns: 1fr 1fr; gap: 10px; }
              .tile { padding: 12px; }
              .tile .figure { font-size: 22px; }
              .pair { grid-template-columns: 1fr; }
            }
            @media print { section, .tile { break-inside: avoid; } }
            """;

    private StyleSheet() {}
}
