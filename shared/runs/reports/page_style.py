"""Style sheet of the HTML page of a run."""

STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1f2328;--dim:#636c76;--line:#d8dee4;--card:#f6f8fa;
--good:#1a7f37;--bad:#cf222e;--odd:#9a6700;--new:#0969da}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#8d96a0;--line:#30363d;
--card:#161b22;--good:#3fb950;--bad:#f85149;--odd:#d29922;--new:#58a6ff}}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem}
h1{display:inline;font-size:1.5rem;margin-right:.6rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:2rem 0 .6rem}h3{font-size:1rem;margin:0}h3 small{font-weight:400}
p{margin:.4rem 0;overflow-wrap:anywhere}header p,footer,small{color:var(--dim)}
footer{margin-top:2rem;border-top:1px solid var(--line);font-size:.85rem}
code{font-size:.9em}a{color:inherit;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));
gap:.7rem;margin:1rem 0}
.tiles div,article{
background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem}
.tiles span,.tiles strong,.tiles small{display:block}.tiles span{color:var(--dim);font-size:.85rem}
.tiles strong{font-size:1.35rem}article{margin:.6rem 0}
article ul{margin:.3rem 0;padding-left:1.2rem}
article p{font-size:.85rem;color:var(--dim)}article li{overflow-wrap:anywhere}
article code{display:inline-block}
.chip{--c:var(--dim);color:var(--c);border:1px solid var(--c);border-radius:1rem;padding:0 .55rem;
font-size:.8rem;font-weight:500;white-space:nowrap}header .chip{margin-right:.4rem}
.passing,.passed,.fixed,.still-passing{--c:var(--good)}
.failing,.failed,.error,.regressed,.still-failing{--c:var(--bad)}
.flaky,.undecided{--c:var(--odd)}.new{--c:var(--new)}.removed{--c:var(--dim)}
.plot,section:has(table){overflow-x:auto}.plot>svg{display:block;min-width:40rem;
font-size:13px}
svg text{fill:var(--fg)}svg .axis{fill:var(--dim);font-size:12px}.grid{stroke:var(--line)}
.range{stroke:var(--dim);stroke-width:2;opacity:.45}.move{stroke:var(--c);stroke-width:3}
circle.before{fill:var(--bg);stroke:var(--dim);stroke-width:2}circle.now{fill:var(--c,var(--fg))}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .5rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child{text-align:left;font-weight:500;white-space:normal;min-width:14rem;overflow-wrap:anywhere}
td:nth-child(2),th:nth-child(2){text-align:left}thead th{color:var(--dim);font-weight:500}
@media print{article{break-inside:avoid}}
"""
