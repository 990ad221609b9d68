/// The style of a replay's page, beside that of every page: sixteen colours, and a filter without a
/// script.
enum ReplayStyle {
  /// How many strategies are told apart by colour.
  static let count = 16

  static let sheet = HTML.verbatim(
    """
    main{max-width:1280px}td:first-child code{white-space:nowrap;overflow-wrap:normal}
    #strategies th,#strategies td{padding-right:9px;font-size:13px}
    header.plain{border-left-color:var(--bar)}.plain h1{color:var(--ink)}
    .line{fill:none;stroke:var(--c,var(--bar));stroke-width:1.5}
    .rule{stroke:var(--line);stroke-width:1;fill:none}
    .wick,.body{fill:none}.wick{stroke-width:.8}
    .up{stroke:var(--good)}.down{stroke:var(--bad)}.wick,.body{opacity:.55}
    .trade path,.trade circle{stroke:var(--c);stroke-width:1.2;fill:none}
    .trade .entry,.trade .exit{fill:var(--c)}
    .trade .stop{stroke:var(--bad);stroke-dasharray:2 2}
    .trade .target{stroke:var(--good);stroke-dasharray:2 2}
    .trade:hover path{stroke-width:2.5}
    .filter{position:sticky;top:0;z-index:1;background:var(--paper);border:1px solid var(--line);
    border-radius:8px;padding:6px 12px;display:flex;flex-wrap:wrap;gap:4px 16px;margin:16px 0}
    .filter label{white-space:nowrap}.key{color:var(--c);font-weight:700}
    .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:4px 16px}
    .gallery figure{margin:4px 0}.gallery figcaption{font-size:12.5px;font-weight:400}
    .d0{--c:#3e63dd}.d1{--c:#d6409f}.d2{--c:#12a594}.d3{--c:#f76b15}.d4{--c:#8e4ec6}
    .d5{--c:#978365}.d6{--c:#0090ff}.d7{--c:#e5484d}.d8{--c:#46a758}.d9{--c:#c99700}
    .d10{--c:#5b5bd6}.d11{--c:#ab6400}.d12{--c:#00a2c7}.d13{--c:#e93d82}.d14{--c:#7c9a00}
    .d15{--c:#80838d}
    body:has(#f0:not(:checked)) .d0.can,body:has(#f1:not(:checked)) .d1.can,
    body:has(#f2:not(:checked)) .d2.can,body:has(#f3:not(:checked)) .d3.can,
    body:has(#f4:not(:checked)) .d4.can,body:has(#f5:not(:checked)) .d5.can,
    body:has(#f6:not(:checked)) .d6.can,body:has(#f7:not(:checked)) .d7.can,
    body:has(#f8:not(:checked)) .d8.can,body:has(#f9:not(:checked)) .d9.can,
    body:has(#f10:not(:checked)) .d10.can,body:has(#f11:not(:checked)) .d11.can,
    body:has(#f12:not(:checked)) .d12.can,body:has(#f13:not(:checked)) .d13.can,
    body:has(#f14:not(:checked)) .d14.can,body:has(#f15:not(:checked)) .d15.can{display:none}
    @media print{.filter{display:none}}
    """)
}
