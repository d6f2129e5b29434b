"""How the page looks: on a phone and on a wide screen, light and dark, and on paper."""

from typing import Final

from flowctl.views.lineage.svg import COLORS, STYLE

PAGE_STYLE: Final = (
    COLORS
    + STYLE
    + """\
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0 auto;max-width:84rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);\
background:var(--box);overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.15rem;margin:1.75rem 0 .5rem}
h3{font-size:1rem;margin:1rem 0 .25rem}
code{font:.875em/1.4 ui-monospace,monospace}
a{color:var(--import)}
.answer{margin:.75rem 0;padding:.75rem 1rem;border-left:.35rem solid var(--line)}
.answer p{margin:.15rem 0}
.answer.danger{border-color:var(--delete);background:var(--delete-box)}
.answer.change{border-color:var(--update);background:var(--update-box)}
.answer.fine{border-color:var(--create);background:var(--create-box)}
.sum{font-weight:600}
.dim{color:var(--dim)}
ul{margin:.25rem 0;padding-left:1.25rem}
form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:1rem 0}
form[hidden]{display:none}
input[type=search]{flex:1 1 14rem;min-width:0;font:inherit;padding:.35rem .6rem;color:inherit;background:var(--box);\
border:1px solid var(--line);border-radius:.4rem}
label{white-space:nowrap}
:focus-visible{outline:3px solid var(--import);outline-offset:2px}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:0 .9rem}
details[open]{padding-bottom:.9rem}
summary{cursor:pointer;padding:.55rem 0}
.tag{display:inline-block;border:1px solid currentcolor;border-radius:1rem;padding:0 .55rem;font-size:.8rem;\
margin-left:.35rem;max-width:100%}
.create{color:var(--create)}.update{color:var(--update)}.replace{color:var(--replace)}.delete{color:var(--delete)}
.import{color:var(--import)}.forget,.effect{color:var(--dim)}.effect,.error{color:var(--delete);font-weight:600}
.warning{color:var(--update);font-weight:600}
.wide{overflow-x:auto;margin:.5rem 0}
.wide svg{display:block;max-width:max(100%,56rem);height:auto}
p{margin:.35rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
th{font-weight:600}
td:first-child{min-width:7rem}
.sign{min-width:0!important;width:1.75rem;text-align:center;font-weight:700}
@media (max-width:40rem){
 body{padding:.75rem}
 table,tbody,tr,td{display:block;width:100%}
 thead{display:none}
 tr{border:1px solid var(--line);border-radius:.4rem;margin:.4rem 0;padding:.25rem .5rem}
 td{border:0;padding:.1rem 0}
 td[data-name]::before{content:attr(data-name) " ";color:var(--dim);font-size:.8rem}
 td:empty{display:none}
 .sign{width:auto;text-align:left}
}
@media print{
 :root{font-size:11px;color-scheme:light}
 body{max-width:none;font-size:1rem}
 form{display:none}
 details{border:0;border-top:1px solid var(--line);border-radius:0;padding:0}
 tr,svg,li{break-inside:avoid}
 summary{break-after:avoid}
 .wide{overflow:visible}
 .wide svg{max-width:100%}
}
"""
)
"""The style sheet; it asks for nothing from elsewhere."""
