package report

// style is all of the page's looks: light and dark, wide and narrow, on paper. Fonts are those of the reader's system.
const style = `
:root{color-scheme:light dark;--ink:#1a1a1a;--soft:#595959;--paper:#fff;--panel:#f5f6f8;--edge:#c9ccd1;--band:#d9d9d9;--mind:#fff6e0;--mindedge:#E69F00;
--s0:#0072B2;--s1:#E69F00;--s2:#009E73;--s3:#D55E00;--s4:#56B4E9;--s5:#CC79A7;--s6:#4d4d4d;--s7:#b5a900;--pass:#00694d;--fail:#a83a00}
@media (prefers-color-scheme:dark){:root{--ink:#ececec;--soft:#b4b8be;--paper:#16181c;--panel:#20242a;--edge:#454b54;--band:#474c54;--mind:#2b2618;--mindedge:#E69F00;
--s0:#4ba3dc;--s1:#E69F00;--s2:#2fc79b;--s3:#f0853a;--s4:#7fcbf5;--s5:#e29cc4;--s6:#b0b0b0;--s7:#F0E442;--pass:#4fd6ad;--fail:#ff9a66}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif}
header,main{max-width:68rem;margin:0 auto;padding:0 1.2rem}
header{padding-top:1.4rem}header p{color:var(--soft);margin:.2rem 0 0}
h1{font-size:1.7rem;line-height:1.2;margin:0}h2{font-size:1.35rem;line-height:1.25;margin:2.4rem 0 .6rem;border-top:1px solid var(--edge);padding-top:1.2rem}
#plan h2{border:0;margin-top:1rem;padding-top:0}h3{font-size:1.1rem;margin:1.2rem 0 .3rem}h3 small{font-weight:400;color:var(--soft)}
p{margin:.4rem 0}.lead{max-width:50rem}#plan .lead{font-size:1.1rem}
small,.note{font-size:.875rem;color:var(--soft)}
table{border-collapse:collapse;width:100%;margin:.6rem 0}th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--edge)}
thead th{border-bottom:2px solid var(--edge);font-size:.875rem;color:var(--soft);font-weight:600}tbody th{font-weight:400}
caption{text-align:left;font-weight:600;padding:.3rem 0;caption-side:top}.n,.num{font-variant-numeric:tabular-nums}td.n,th.n{text-align:right}td.n{white-space:nowrap}.num{font-weight:600;white-space:nowrap}
.plan td:nth-child(2),.plan td:nth-child(3){white-space:nowrap}.plan td small{display:block;white-space:normal}.who{color:var(--soft);font-size:.875rem}.all th{font-weight:600}
.key{display:inline-block;width:.8em;height:.8em;margin-right:.4em}
.hidden,.same caption{position:absolute;left:-999rem}.wide{overflow-x:auto}.wide table{font-size:.9rem}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1rem 2rem;align-items:start}
.mind{background:var(--mind);border-left:5px solid var(--mindedge);padding:.2rem 1.1rem .6rem}.mind ul{padding-left:1.1rem;margin:.4rem 0}.mind li{margin:.35rem 0}
figure{margin:1rem 0;max-width:34rem}figcaption{font-weight:600}svg{width:100%;height:auto;display:block}
svg text{fill:var(--ink);font-size:14.5px}svg .small{font-size:13.5px;fill:var(--soft)}svg .label{font-weight:600}svg .end{text-anchor:end}svg .middle{text-anchor:middle}
svg .people{fill:var(--band);stroke:var(--soft);stroke-width:1}svg .ahead{fill-opacity:.45}svg .whisker{stroke:var(--ink);stroke-width:2}svg .axis{stroke:var(--soft);stroke-dasharray:3 3}svg .grid{stroke:var(--edge)}
svg .band{fill:var(--band);fill-opacity:.8}svg .curve{fill:none;stroke:var(--s0);stroke-width:2.5}svg .point{fill:var(--s0)}svg .chosen{fill:var(--s3);stroke:var(--ink);stroke-width:1.5}
.s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}.s6{fill:var(--s6)}.s7{fill:var(--s7)}
.key.s0{background:var(--s0)}.key.s1{background:var(--s1)}.key.s2{background:var(--s2)}.key.s3{background:var(--s3)}.key.s4{background:var(--s4)}.key.s5{background:var(--s5)}.key.s6{background:var(--s6)}.key.s7{background:var(--s7)}
.edge0{--own:var(--s0)}.edge1{--own:var(--s1)}.edge2{--own:var(--s2)}.edge3{--own:var(--s3)}.edge4{--own:var(--s4)}.edge5{--own:var(--s5)}.edge6{--own:var(--s6)}.edge7{--own:var(--s7)}
.card{background:var(--panel);border-left:6px solid var(--own);padding:.6rem 1.2rem 1rem;margin:0 0 1rem;break-inside:avoid}.card h3{margin-top:.3rem}.do{font-weight:600}
details{margin:.4rem 0}summary{cursor:pointer;color:var(--soft);font-size:.875rem}pre{overflow-x:auto;background:var(--panel);padding:.6rem;font-size:.8rem;white-space:pre-wrap;overflow-wrap:anywhere}
code{background:var(--panel);padding:.1em .3em;font-size:.875em;overflow-wrap:anywhere}.card code{background:var(--paper)}td,th{overflow-wrap:break-word}#origin td{overflow-wrap:anywhere}
.grade3{color:var(--pass);font-weight:600;white-space:nowrap}.grade1{color:var(--fail);font-weight:600;white-space:nowrap}.grade2,.grade0{white-space:nowrap}
@media (max-width:46rem){.plan thead,.verdict thead{position:absolute;left:-999rem}.plan tr,.plan th,.plan td,.verdict tr,.verdict th,.verdict td{display:block;border:0;padding:.15rem 0}
.plan tr,.verdict tr{border-bottom:1px solid var(--edge);padding:.7rem 0}.plan td[data-head]:before{content:attr(data-head) ": ";color:var(--soft);font-size:.875rem}.plan td:empty{display:none}.plan td small{display:inline;white-space:normal}.plan td:nth-child(n){white-space:normal}.verdict th{font-weight:600}}
@page{size:A4;margin:14mm 12mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt system-ui,sans-serif;color:#595959}}
@media print{:root{color-scheme:light;--ink:#1a1a1a;--soft:#595959;--paper:#fff;--panel:#f5f6f8;--edge:#c9ccd1;--band:#d9d9d9;--mind:#fff6e0;--s0:#0072B2;--s1:#E69F00;--s2:#009E73;--s3:#D55E00;--s4:#56B4E9;--s5:#CC79A7;--s6:#4d4d4d;--s7:#b5a900;--pass:#00694d;--fail:#a83a00}
html{font-size:8.4pt}body{font-size:1rem;line-height:1.32;print-color-adjust:exact;-webkit-print-color-adjust:exact}header,main{max-width:none;padding:0}header{padding-top:0}h1{font-size:1.6rem}h2{margin-top:1rem;padding-top:.6rem}
#cards{break-before:page}h2,h3,figcaption,caption{break-after:avoid}tr,figure,.mind,article{break-inside:avoid}.wide{overflow:visible}.beside{grid-template-columns:1fr 1fr}th,td{padding:.25rem .4rem}details{display:none}.mind li{margin:.2rem 0}#plan h2{margin-top:.5rem}
.lead{max-width:none}.plan{font-size:.95rem}.plan th,.plan td{padding:.2rem .3rem}.plan th:nth-child(1){width:23%}.plan th:nth-child(2){width:9.5%}.plan th:nth-child(3){width:11%}.plan th:nth-child(4){width:15.5%}.plan th:nth-child(5){width:18%}
.plan small+br{display:none}figure{margin:.5rem 0}.mind{font-size:.95rem}a{color:inherit;text-decoration:none}}
`
