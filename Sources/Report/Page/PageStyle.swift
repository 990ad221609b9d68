/// The style of a certificate: light and dark by the reader's choice, plain on paper.
enum PageStyle {
  static let sheet = HTML.verbatim(
    """
    :root{color-scheme:light dark;--ink:#1c2024;--soft:#60646c;--line:#dfe2e6;--paper:#fff;
    --tint:#f6f7f9;--good:#18794e;--bad:#c62a2f;--open:#946800;--bar:#3e63dd}
    @media(prefers-color-scheme:dark){:root{--ink:#edeef0;--soft:#a0a6ae;--line:#33383f;
    --paper:#14171a;--tint:#1c2024;--good:#3dd68c;--bar:#849dff;--bad:#ff8b8b;--open:#f3c94b}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);
    font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
    main{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
    header{border:1px solid var(--line);border-left:8px solid var(--bad);border-radius:8px;
    padding:20px 24px;background:var(--tint)}
    header.pass{border-left-color:var(--good)}
    header p{margin:6px 0 0;color:var(--soft)}
    .eyebrow{font-size:13px;letter-spacing:.06em;text-transform:uppercase;margin:0}
    h1{font-size:40px;line-height:1.1;margin:4px 0 10px;color:var(--bad)}
    .pass h1{color:var(--good)}
    h2{font-size:20px;margin:40px 0 10px;padding-bottom:6px;border-bottom:1px solid var(--line)}
    h3{font-size:16px;margin:24px 0 6px}
    p{margin:6px 0 10px;max-width:75ch}
    ul{padding-left:20px}
    .gates{list-style:none;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:8px 24px}
    .scroll{overflow-x:auto;margin:8px 0 16px}
    table{border-collapse:collapse;width:100%;font-size:14px}
    th{color:var(--soft);font-weight:600;font-size:12.5px}
    th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;
    border-bottom:1px solid var(--line)}
    thead tr:not(:has(th:not(:empty))){display:none}
    .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    code,pre{font-family:ui-monospace,"SF Mono","DejaVu Sans Mono",Menlo,monospace;font-size:12.5px}
    td code{overflow-wrap:anywhere}
    pre{background:var(--tint);border:1px solid var(--line);border-radius:6px;padding:10px 12px;
    overflow-x:auto;white-space:pre-wrap;margin:6px 0}
    .badge{display:inline-block;padding:0 8px;border-radius:10px;border:1px solid currentColor;
    font-size:12.5px;font-weight:600;white-space:nowrap}
    .good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}
    figure{margin:16px 0}figcaption{font-weight:600;margin-bottom:6px}
    svg{width:100%;height:auto;display:block}
    svg text{font-size:12px;fill:var(--ink);font-family:inherit}
    svg .label{text-anchor:end}svg .value{fill:var(--soft)}
    .bar{fill:var(--bar)}.bar.bad{fill:var(--bad)}
    summary{cursor:pointer;color:var(--soft);white-space:nowrap}
    @media print{:root{--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--tint:#fff;--good:#064;
    --bad:#900;--open:#640;--bar:#555}main{max-width:none;padding:0}h2,h3{break-after:avoid}
    tr,figure,header{break-inside:avoid}.scroll{overflow:visible}}
    """)
}
