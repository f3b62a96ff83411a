/// The page's style: photographs first, everything else calm around them.
enum PageStyle {
    private static let dark = """
        --page: #131416; --raised: #1d1f22; --ink: #ececed; --soft: #a9aeb6; --line: #33363b; --accent: #7cc0f5; \
        --accent-ink: #0c2436; --bad: #ffa198; --bad-page: #2a1a19; --bar: #3b3f45;
        """

    static let text = """
        :root { color-scheme: light; --page: #fbfaf8; --raised: #f1efeb; --ink: #1d1f21; --soft: #595e66; \
        --line: #dddad4; --accent: #0a5c99; --accent-ink: #ffffff; --bad: #a3261d; --bad-page: #fbeeec; --bar: #dedbd5; }
        @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark; \(dark) } }
        :root[data-theme="dark"] { color-scheme: dark; \(dark) }

        """ + layout

    private static let layout = #"""
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0 auto; max-width: 92rem; padding: 0 clamp(1rem, 3vw, 2.5rem) 3rem; background: var(--page);
          color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
        h1 { margin: 0; font-size: 1.75rem; font-weight: 650; letter-spacing: -.015em; line-height: 1.2; }
        h2 { margin: 2rem 0 1rem; font-size: 1.2rem; font-weight: 650; }
        h3 { margin: .7rem 0 .1rem; font-size: 1rem; font-weight: 600; line-height: 1.35; overflow-wrap: anywhere; }
        p { margin: 0; overflow-wrap: anywhere; }
        bdi { overflow-wrap: anywhere; }
        header { display: flex; gap: 1rem; align-items: flex-start; justify-content: space-between; padding: 2rem 0 1.25rem; }
        header p { margin-top: .3rem; color: var(--soft); }
        header > div { min-width: 0; }
        button, input, select { font: inherit; color: inherit; }
        button, select, input[type="search"] { min-height: 2.5rem; padding: .3rem .85rem; border: 1px solid var(--line);
          border-radius: .6rem; background: var(--page); }
        button, select { cursor: pointer; }
        button:hover, select:hover { border-color: var(--soft); }
        button[aria-pressed="true"] { border-color: var(--accent); background: var(--accent); color: var(--accent-ink); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .skip { position: absolute; left: 1rem; top: -4rem; z-index: 3; padding: .5rem 1rem; background: var(--page); color: var(--accent); }
        .skip:focus { top: .5rem; }

        .figures dl { display: flex; flex-wrap: wrap; gap: 1rem 2.75rem; margin: 0; }
        .figures dl > div { display: flex; flex-direction: column-reverse; }
        .figures dt { color: var(--soft); font-size: .9rem; }
        .figures dd { margin: 0; font-size: 1.6rem; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums; }
        .figures p { margin-top: .8rem; color: var(--soft); }

        .tools { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .6rem 1.1rem; align-items: center;
          margin: 1.5rem 0 0; padding: .7rem 0; border-bottom: 1px solid var(--line); background: var(--page); }
        .tools label { display: flex; gap: .6rem; align-items: center; color: var(--soft); }
        .tools input, .tools select { color: var(--ink); min-width: 0; }
        ::placeholder { color: var(--soft); opacity: 1; }
        .states { display: flex; flex-wrap: wrap; gap: .4rem; }
        .states span { font-variant-numeric: tabular-nums; }
        #shown { margin-left: auto; color: var(--soft); font-variant-numeric: tabular-nums; }

        #list { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 2rem 1.75rem; align-items: start; }
        .card { min-width: 0; }
        .card[hidden] { display: none; }
        .card p { color: var(--ink); font-size: .93rem; }
        .card .small, .card .note { color: var(--soft); font-size: .87rem; }
        .card .reason { color: var(--bad); font-weight: 600; }
        .failed { padding: .4rem 1.1rem 1.1rem; border-radius: .6rem; background: var(--bad-page); }
        .share { display: block; width: 100%; height: 3px; margin: .35rem 0 .4rem; border-radius: 2px; }
        .share .all { fill: var(--bar); }
        .share .part { fill: var(--accent); }

        .view { position: relative; --at: 50%; overflow: hidden; border-radius: .6rem; background: var(--raised); }
        .view img { display: block; width: 100%; height: auto; user-select: none; -webkit-user-select: none; }
        .compare .after { position: absolute; inset: 0; height: 100%; clip-path: inset(0 0 0 var(--at)); }
        .compare input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; padding: 0; opacity: 0;
          cursor: ew-resize; touch-action: pan-y; appearance: none; -webkit-appearance: none; }
        .compare input::-webkit-slider-runnable-track { height: 100%; }
        .compare input::-webkit-slider-thumb { appearance: none; -webkit-appearance: none; width: 2px; height: 100%; }
        .compare input::-moz-range-thumb { width: 2px; height: 100%; border: 0; border-radius: 0; }
        .edge { position: absolute; inset: 0; pointer-events: none; border-radius: inherit; }
        .edge::before { content: ""; position: absolute; top: 0; bottom: 0; left: var(--at); width: 2px; margin-left: -1px;
          background: #fff; box-shadow: 0 0 3px rgba(0, 0, 0, .6); }
        .edge::after { content: "‹ ›"; position: absolute; top: 50%; left: var(--at); width: 2.2rem; height: 2.2rem;
          margin: -1.1rem 0 0 -1.1rem; border-radius: 50%; background: #fff; color: #1d1f21; text-align: center;
          font: 600 1.15rem/2rem system-ui, sans-serif; letter-spacing: .05em; box-shadow: 0 1px 6px rgba(0, 0, 0, .45); }
        .compare input:focus-visible + .edge { box-shadow: inset 0 0 0 3px #fff, inset 0 0 0 6px #0a5c99; }
        .compare input:focus-visible + .edge::after { box-shadow: 0 0 0 3px #0a5c99; }
        .tag { position: absolute; bottom: .5rem; padding: .05rem .5rem; border-radius: .4rem; background: rgba(0, 0, 0, .66);
          color: #fff; font-size: .8rem; pointer-events: none; }
        .tag.left { left: .5rem; }
        .tag.right { right: .5rem; }

        .speed { margin-top: 3rem; border-top: 1px solid var(--line); }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 2rem 2.5rem; }
        .charts figure { margin: 0; min-width: 0; }
        .charts h3 { margin: 0 0 .3rem; }
        .charts svg { display: block; width: 100%; max-width: 36rem; height: auto; }
        .charts text { fill: var(--soft); font-size: 12px; font-family: inherit; font-variant-numeric: tabular-nums; }
        .charts .grid { stroke: var(--line); stroke-width: 1; }
        .charts .bar { fill: var(--accent); }
        .charts .dot { stroke: var(--accent); stroke-width: 6; stroke-linecap: round; stroke-opacity: .6; fill: none; }
        .charts .median { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 4; }
        .charts figcaption { color: var(--soft); font-size: .9rem; }
        footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .87rem; max-width: 60rem; }

        @media (max-width: 40rem) {
          header { padding-top: 1.25rem; }
          .figures dl { gap: .6rem 1.6rem; }
          .figures dt { font-size: .82rem; }
          h2 { margin: 1.4rem 0 .8rem; }
          .figures dd { font-size: 1.3rem; }
          .tools { position: static; }
          .tools { margin-top: 1.1rem; gap: .6rem .8rem; }
          #find { width: 100%; }
          .tools label { flex: 1; }
          .tools select { flex: 1; }
          .states button { padding: .3rem .65rem; }
          #list { gap: 1.75rem; }
        }
        @media print { .tools, .skip, #theme { display: none; } .card { break-inside: avoid; } }
        """#
}
