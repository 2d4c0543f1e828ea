/** The style of the HTML report: light and dark by the reader's preference, plain on paper. */
export const style = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#5b6470;--line:#dfe3e8;--code:#f1f3f5;--accent:#1f5fbf;
--red:#b42318;--redbg:#fdecea;--amber:#8a5a00;--amberbg:#fff4dc;--green:#1a6e37;--greenbg:#e5f5ea;--grey:#5b6470;--greybg:#eceff2;--redfill:#d43d2f;--amberfill:#e3a008;--greenfill:#2f9e56}
@media (prefers-color-scheme:dark){:root{--bg:#14171b;--card:#1c2026;--ink:#e6e9ed;--soft:#9aa4b0;--line:#313841;--code:#13161a;--accent:#7fb0ff;
--red:#ff8f85;--redbg:#3b1d1b;--amber:#f0bf5b;--amberbg:#37290d;--green:#7fd39a;--greenbg:#16301f;--grey:#9aa4b0;--greybg:#292f36;--redfill:#e5645a;--amberfill:#e0a93b;--greenfill:#58b878}}
*{box-sizing:border-box}[hidden]{display:none!important}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
main,header.top>div,nav>div{max-width:68rem;margin:0 auto;padding:0 1.25rem}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible,input:focus-visible,select:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:9}
header.top{background:var(--card);border-bottom:1px solid var(--line);padding:2rem 0 1.5rem}
header.top h1{margin:0 0 .25rem;font-size:1.6rem;line-height:1.25}
.meta{color:var(--soft);font-size:.9rem;margin:0}
.hero{display:flex;flex-wrap:wrap;gap:2rem;align-items:center;margin-top:1.5rem}
.hero .text{flex:1 1 20rem}
.verdict{display:inline-block;font-weight:700;font-size:1.25rem;letter-spacing:.02em;padding:.35rem .9rem;border-radius:.4rem}
.bad{color:var(--red);background:var(--redbg)}.warn{color:var(--amber);background:var(--amberbg)}.good{color:var(--green);background:var(--greenbg)}.none{color:var(--grey);background:var(--greybg)}
.v-bad{color:#fff;background:#b42318}.v-warn{color:#fff;background:#8a5a00}.v-good{color:#fff;background:#1a6e37}
.gauge{width:12rem;flex:none}.gauge text{fill:var(--ink)}.gauge .track{stroke:var(--greybg)}.gauge .small{fill:var(--soft)}
.gauge .range{stroke:var(--soft)}
.s-bad{stroke:var(--redfill)}.s-warn{stroke:var(--amberfill)}.s-good{stroke:var(--greenfill)}
.f-bad{fill:var(--redfill)}.f-warn{fill:var(--amberfill)}.f-good{fill:var(--greenfill)}.f-track{fill:var(--greybg)}
nav{position:sticky;top:0;background:var(--bg);border-bottom:1px solid var(--line);z-index:2}
nav>div{display:flex;gap:1.1rem;overflow-x:auto;padding-top:.6rem;padding-bottom:.6rem;font-size:.92rem}
nav a{white-space:nowrap;text-decoration:none}nav a:hover{text-decoration:underline}
section{margin:2.25rem 0;scroll-margin-top:3.5rem}
h2{font-size:1.3rem;margin:0 0 .9rem}h3{font-size:1.05rem;margin:1.4rem 0 .5rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.3rem}
.card>:first-child{margin-top:0}.card>:last-child{margin-bottom:0}
ul,ol{padding-left:1.4rem}ul.plain{list-style:none;padding:0;margin:0}.plain li{margin:.3rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.93rem;overflow-wrap:break-word}
th,td{text-align:left;vertical-align:top;padding:.5rem .7rem;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft);font-size:.83rem}thead th{white-space:nowrap}tbody th{color:var(--ink);font-size:inherit}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.bar{width:30%;min-width:8rem}td.bar svg{display:block;width:100%;height:.7rem;margin-top:.45rem}
.tag{display:inline-block;font-size:.76rem;font-weight:600;padding:.08rem .5rem;border-radius:1rem;white-space:nowrap;text-indent:0}
form.filters{display:flex;flex-wrap:wrap;gap:.7rem;align-items:end;margin-bottom:1rem}
.filters label{font-size:.82rem;color:var(--soft);display:flex;flex-direction:column;gap:.2rem}
.filters input,.filters select,.filters button{font:inherit;height:2.35rem;font-size:.92rem;padding:.35rem .55rem;border:1px solid var(--line);border-radius:.35rem;background:var(--card);color:var(--ink)}
.filters .grow{flex:1 1 14rem}
.count{color:var(--soft);font-size:.9rem;margin:.2rem 0 .8rem}
.finding{background:var(--card);border:1px solid var(--line);border-radius:.5rem;margin:.45rem 0;content-visibility:auto;contain-intrinsic-size:auto 3.6rem}
.finding>summary{cursor:pointer;list-style:none;display:grid;grid-template-columns:6.5rem 1fr auto;gap:.2rem .9rem;padding:.65rem .95rem;align-items:baseline}
.finding>summary::-webkit-details-marker{display:none}
.finding>summary .tag{justify-self:start}.finding>summary .title{font-weight:600}.finding>summary .why{grid-column:2/4;color:var(--soft);font-size:.9rem}
.finding .body{padding:.2rem .95rem 1rem;border-top:1px solid var(--line)}
.finding dl{margin:.6rem 0 0}.finding dt{font-weight:600;font-size:.86rem;color:var(--soft);margin-top:.7rem}.finding dd{margin:.1rem 0 0}
code,pre{font:.86rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code.id{color:var(--soft)}
pre{background:var(--code);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem;overflow-x:auto;margin:.35rem 0;white-space:pre}
figure{margin:.5rem 0}figcaption{font-size:.88rem}figcaption .place{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.84rem;font-weight:600}
.finding pre{display:flex}.gutter{color:var(--soft);user-select:none;text-align:right;border-right:1px solid var(--line);padding-right:.7rem;margin-right:.8rem}
.sign td,.sign th{padding-top:1rem;padding-bottom:1rem}.sign td{min-width:7rem}
.boxes{list-style:none;padding:0;columns:2 24rem;font-size:.93rem}.boxes li{break-inside:avoid;padding:.12rem 0 .12rem 1.7rem;text-indent:-1.7rem}
.boxes .box{display:inline-block;width:1.7rem;text-indent:0}
ol li,ul li{margin:.25rem 0}
footer{color:var(--soft);font-size:.85rem;padding:2rem 0 3rem}
@media (max-width:40rem){.finding>summary{grid-template-columns:1fr auto}.finding>summary .title{grid-column:1/3;grid-row:2}.finding>summary .why{grid-column:1/3}.wide{display:none}#risks thead{display:none}#risks tr,#risks td{display:block;border:0;padding:.1rem 0}#risks tr{border-bottom:1px solid var(--line);padding:.6rem 0}.card{padding:.9rem 1rem}th,td{padding:.45rem .35rem}td .tag{white-space:normal}table{font-size:.88rem}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--code:#f5f5f5;--accent:#1f5fbf;--red:#b42318;--redbg:#fdecea;--amber:#8a5a00;--amberbg:#fff4dc;--green:#1a6e37;--greenbg:#e5f5ea;--grey:#444;--greybg:#eceff2}
nav,form.filters,.count,.skip,.finding[data-outcome=not-applicable]{display:none}.scroll{overflow:visible}table{font-size:8.5pt}th,td{padding:.25rem .4rem}td.bar{min-width:4rem}body{font-size:10pt}section{margin:1.4rem 0}
.finding{content-visibility:visible}.finding:not([open]){break-inside:avoid;margin:.15rem 0}.finding:not([open])>summary{padding:.25rem .6rem}.finding:not([open])>summary .why{display:none}
tr,li,figure,.finding>summary{break-inside:avoid}h2,h3,dt{break-after:avoid}pre{white-space:pre-wrap}.gauge{width:9rem}.boxes{columns:2}a{color:inherit;text-decoration:none}*{print-color-adjust:exact}}
`;
