"""The grants of Zandermeer in short: who gives which powers to which role, up to what amount."""

# team: role that may buy | INK-01 up to | INK-02 up to (empty: not at all)
BUDGETTEN = """
ZM | Bestuursadviseur | 2.500 | | Bestuur en raad | Hedda Molenaar-Vis | 410.000
FI | Beheerder administratie | 2.500 | | Financiën | Roelof Dijkema | 655.000
BL | Tariefrekenaar | 1.000 | | Belastingen | Roelof Dijkema | 380.000
IC | Inkoopadviseur | 2.500 | 25.000 | Facilitair | Roelof Dijkema | 1.240.000
JZ | Verzekeringen en schade | 2.500 | 25.000 | Recht en verzekering | Hedda Molenaar-Vis | 720.000
HR | Leerregisseur | 2.500 | 25.000 | Mensen en leren | Roelof Dijkema | 890.000
ID | Systeembeheerder | 5.000 | 50.000 | ICT en data | Roelof Dijkema | 3.150.000
CO | Communicatieadviseur projecten | 2.500 | | Communicatie | Hedda Molenaar-Vis | 295.000
BZ | Planner balie | 1.000 | | Burgerzaken | Hedda Molenaar-Vis | 460.000
KC | Beheerder kennisbank | 1.000 | | Klantcontact | Hedda Molenaar-Vis | 340.000
IN | Budgethouder werk en inkomen | 2.500 | 50.000 | Werk en inkomen | Yara Brinkhorst | 14.800.000
SH | Beheerder budgetrekeningen | 1.000 | | Schuldhulp | Yara Brinkhorst | 960.000
WM | Contractmanager zorg | 2.500 | 50.000 | Wmo en zorg | Yara Brinkhorst | 18.400.000
JO | Contractmanager jeugd | 2.500 | 50.000 | Jeugd en onderwijs | Lidewij Haarsma | 16.250.000
GW | Budgethouder groen | 5.000 | 50.000 | Groen en water | Pieter Saelman | 4.100.000
WV | Wegbeheerder | 5.000 | 50.000 | Wegen en verkeer | Pieter Saelman | 6.750.000
AS | Inzamelregisseur | 5.000 | 50.000 | Afval en schoon | Pieter Saelman | 5.300.000
TH | Planner toezicht | 2.500 | | Toezicht en handhaving | Hedda Molenaar-Vis | 870.000
VG | Bewaker termijnen | 1.000 | | Vergunningen | Pieter Saelman | 520.000
RW | Regisseur woningbouw | 2.500 | 25.000 | Ruimte en wonen | Pieter Saelman | 1.450.000
VA | Gebouwbeheerder | 5.000 | 50.000 | Vastgoed en grond | Roelof Dijkema | 3.900.000
KE | Regisseur klimaatfonds | 2.500 | 25.000 | Klimaat en energie | Lidewij Haarsma | 1.100.000
WN | Wijkbudget noord | 1.000 | | Wijkteam Noord | Yara Brinkhorst | 310.000
WZ | Verbinder zuid | 1.000 | | Wijkteam Zuid | Yara Brinkhorst | 330.000
SC | Sportregisseur | 2.500 | 25.000 | Sport en cultuur | Lidewij Haarsma | 2.650.000
SU | Verenigingsloket | 1.000 | | Subsidies | Lidewij Haarsma | 1.980.000
EC | Centrumregisseur | 2.500 | | Economie en centrum | Roelof Dijkema | 640.000
OC | Crisiscoördinator | 2.500 | | Orde en crisis | Hedda Molenaar-Vis | 275.000
"""

# number | powers, + between | from | to | ceiling | options
#
# @ is an office; a name with / a role. The kinds follow from the powers, the days from `geleden` (days ago that it was decided).
# Options: ouder N, sub WORD, behalve (everything that other roots give or nobody may give), als CONDITION, doe INSTRUCTION, zaak N, soort WORDS,
# geleden N, staat voorgenomen|besloten|ingetrokken N, eind N (days from today), stemt (holder and employer consented).
TEKST = """
COL-01 | | college+burgemeester | @gemeentesecretaris | | behalve; sub ja
COL-02 | SUB-01+SUB-02+SUB-03 | college | @gemeentesecretaris | 25.000 | sub ja
COL-03 | INK-02+INK-04 | college+burgemeester | @gemeentesecretaris | 250.000 | sub 3
COL-04 | HRM-05+HRM-06 | college+burgemeester | @gemeentesecretaris | | sub nee; als advies:HR/Adviseur arbeidsvoorwaarden>0
COL-05 | OMG-01+OMG-02+OMG-03+OMG-06 | college | @gemeentesecretaris | | sub ja
COL-06 | WMO-02+WMO-03 | college | @gemeentesecretaris | 75.000 | sub ja
COL-07 | PW-07 | college | @gemeentesecretaris | 5.000 | sub 2
COL-08 | NAD-01 | college | @gemeentesecretaris | 19.999,99 | sub ja
COL-09 | GEB-01+AFD-01 | college | @gemeentesecretaris | | sub ja
COL-10 | INK-03+INK-05 | college+burgemeester | @gemeentesecretaris | 215.000 | sub alleen_aan:IC/Aanbestedingsleider; als advies:JZ/Jurist privaatrecht>100.000
COL-11 | MAN-01 | college | @gemeentesecretaris | | sub nee; doe Schriftelijk, en bekendmaken als het een algemeen mandaat is
COL-12 | HAN-04+HAN-05 | college | TH/Handhavingsjurist | | sub nee
COL-13 | PRO-01 | college | JZ/Jurist bestuursrecht | | sub nee
COL-14 | WKP-01 | college | ID/Kaartbeheerder | | sub nee
COL-15 | BEZ-02 | college | burgemeester | | sub nee; als Kamer I adviseert ongegrond of niet-ontvankelijk; als het college nam het besluit niet zelf; stemt
COL-16 | OMG-05 | college | extern:Omgevingsdienst Zandstreek | | sub ja; stemt; geleden 1100
COL-17 | JW-01+JW-02 | college | @gemeentesecretaris | 100.000 | sub ja
COL-18 | VAS-02 | college+burgemeester | @gemeentesecretaris | 100.000 | sub ja
COL-19 | FIN-02 | college+burgemeester | @gemeentesecretaris | 2.000.000 | sub ja; als vier_ogen>0
COL-20 | FIN-03 | college+burgemeester | @gemeentesecretaris | 10.000 | sub ja
COL-21 | VZK-01 | college+burgemeester | @gemeentesecretaris | 25.000 | sub ja
COL-22 | HRM-11 | college+burgemeester | @gemeentesecretaris | 100.000 | sub ja
COL-23 | KAB-01 | college | VG/Casebehandelaar | | sub nee; geleden 900; staat ingetrokken 400
COL-24 | OMG-01+OMG-06 | college | extern:Omgevingsdienst Zandstreek | | sub nee; geleden 1200; staat ingetrokken 365; stemt
COL-25 | WOO-01 | college | JZ/Adviseur open overheid | | sub nee; als overleg:CO/Woordvoerder
COL-26 | OMG-04 | college | @gemeentesecretaris | | sub nee; staat voorgenomen
COL-27 | HAN-06 | college | TH/Handhavingsjurist | | sub nee; geleden 12; staat besloten
BUR-01 | APV-03 | burgemeester | VG/Evenementenvergunner | | sub nee; als hooguit 500 bezoekers
BUR-02 | BOE-01 | burgemeester | JZ/Jurist bestuursrecht | | sub nee
BUR-03 | OOV-04 | burgemeester | extern:Hulpofficier van justitie | | sub nee
BUR-04 | APV-04 | burgemeester | @gemeentesecretaris | | sub nee; als advies:OC/Veiligheid evenementen>0
BUR-05 | ALC-01+ALC-02 | burgemeester | VG/Horecavergunner | | sub nee
BUR-06 | APV-05 | burgemeester | VG/Horecavergunner | | sub nee; staat voorgenomen
RAA-D1 | WEG-01 | raad | college | | sub ja; soort delegatie
RAA-01 | | raad | @griffier | | behalve; sub nee; stemt
GRI-01 | GRI-01 | college+burgemeester | @griffier | 30.000 | sub nee; stemt
HEF-01 | LEG-01 | heffingsambtenaar | BL/Tariefrekenaar | | sub nee
HEF-02 | BEL-01 | heffingsambtenaar | BL/Gegevensbeheerder gebouwen | | sub nee
HEF-03 | BEL-02 | heffingsambtenaar | BL/Taxateur | | sub nee; als zaaktype:woning
HEF-04 | | heffingsambtenaar | BL/Toeristenbelasting | | behalve; sub nee; geleden 300; staat besloten
LPA-01 | LPA-02 | leerplichtambtenaar | JO/Regisseur jongeren zonder diploma | | sub nee; als duur<=80

SU-05 | SUB-01 | @gemeentesecretaris | SU/Subsidies | 5.000 | ouder COL-02
SU-06 | SUB-02 | @gemeentesecretaris | SU/Vaststeller subsidies | 25.000 | ouder COL-02; sub ja
SU-07 | SUB-03 | @gemeentesecretaris | SU/Vaststeller subsidies | 5.000 | ouder COL-02
SU-08 | SUB-04 | @gemeentesecretaris | SU/Subsidies | | ouder COL-01
SU-09 | SUB-05 | @gemeentesecretaris | SU/Controleur staatssteun | 10.000 | ouder COL-01; als vier_ogen>5.000
SU-10 | SUB-02 | SU/Vaststeller subsidies | SU/Verenigingsloket | 1.000 | ouder SU-06
SU-11 | SUB-01 | @gemeentesecretaris | SU/Fondsenwerver | 2.500 | ouder COL-02; staat voorgenomen
WN-05 | SUB-01 | @gemeentesecretaris | WN/Wijkbudget noord | 1.500 | ouder COL-02; als gebied:noord
WZ-05 | SUB-01 | @gemeentesecretaris | WZ/Verbinder zuid | 1.500 | ouder COL-02; als gebied:zuid
SC-05 | SUB-01 | @gemeentesecretaris | SC/Cultuurmakelaar | 3.000 | ouder COL-02; als zaaktype:cultuurfonds
KE-05 | SUB-01 | @gemeentesecretaris | KE/Regisseur klimaatfonds | 2.500 | ouder COL-02; als zaaktype:klimaatfonds; als max_per_jaar:100.000
GW-05 | INK-02 | GW/Budgethouder groen | GW/Werkvoorbereider | 5.000 | ouder GW-04; sub 1
GW-06 | INK-02 | GW/Werkvoorbereider | GW/Buitenman groen | 500 | ouder GW-05
GW-07 | INK-02 | GW/Budgethouder groen | GW/Boombeheerder | 15.000 | ouder GW-04; als advies:IC/Inkoopadviseur>10.000
GW-08 | OMG-06 | @gemeentesecretaris | GW/Boombeheerder | | ouder COL-05; als zaaktype:noodkap; doe Binnen 1 dag melden aan het team
GW-09 | INK-02 | GW/Budgethouder groen | GW/Waterbeheerder | 10.000 | ouder GW-04
GW-10 | INK-02 | GW/Budgethouder groen | GW/Speelplekbeheerder | 10.000 | ouder GW-04; geleden 700; staat ingetrokken 200
WV-05 | INK-02 | WV/Wegbeheerder | WV/Bruggenbeheerder | 15.000 | ouder WV-04
WV-06 | INK-02 | WV/Wegbeheerder | WV/Gladheidsregisseur | 10.000 | ouder WV-04; eind 130
WV-07 | VKB-01 | @gemeentesecretaris | WV/Verkeerskundige | | ouder COL-01; als overleg:OC/Adviseur openbare orde
WV-08 | VKB-02 | @gemeentesecretaris | WV/Coördinator wegwerk | | ouder COL-01; sub 1
WV-09 | VKB-02 | WV/Coördinator wegwerk | WV/Toezichthouder werken | | ouder WV-08; als duur<=48
WV-10 | KAB-01 | @gemeentesecretaris | WV/Coördinator wegwerk | | ouder COL-01; geleden 390
WV-11 | VKB-03+VKB-04 | @gemeentesecretaris | WV/Parkeerregisseur | | ouder COL-01
WV-12 | VZK-01 | @gemeentesecretaris | WV/Wegbeheerder | 500 | ouder COL-21
AS-05 | INK-02 | AS/Inzamelregisseur | AS/Wagenparkbeheerder | 15.000 | ouder AS-04
AS-06 | INK-02 | AS/Inzamelregisseur | AS/Ondergrondse containers | 10.000 | ouder AS-04
VA-05 | VAS-01 | @gemeentesecretaris | VA/Verhuurder zalen | 25.000 | ouder COL-01; sub ja
VA-06 | VAS-01 | VA/Verhuurder zalen | SC/Locatiebeheerder sport | 2.500 | ouder VA-05
VA-07 | VAS-02 | @gemeentesecretaris | VA/Grondzaken | 25.000 | ouder COL-18; als vier_ogen>10.000
VA-08 | VAS-03 | @gemeentesecretaris | VA/Pachtbeheerder | 15.000 | ouder COL-01
VA-09 | INK-02 | VA/Gebouwbeheerder | VA/Projectleider vastgoed | 25.000 | ouder VA-04; als advies:IC/Inkoopadviseur>10.000
VG-05 | OMG-01 | @gemeentesecretaris | VG/Vergunningverlener | | ouder COL-05; als niet_afwijken_van:omgevingsplan; sub 1
VG-06 | OMG-02+OMG-03 | @gemeentesecretaris | VG/Casebehandelaar | | ouder COL-05
VG-07 | OMG-06 | @gemeentesecretaris | VG/Vergunningverlener | | ouder COL-05
VG-08 | OMG-01 | VG/Vergunningverlener | VG/Casebehandelaar | | ouder VG-05; als zaaktype:dakkapel; als zaaktype:schuur
VG-09 | NAD-01 | @gemeentesecretaris | JZ/Jurist bestuursrecht | 10.000 | ouder COL-08
VG-10 | APV-01+APV-02+APV-06 | @gemeentesecretaris | VG/Casebehandelaar | | ouder COL-01
VG-11 | OMG-03 | @gemeentesecretaris | VG/Bewaker termijnen | | ouder COL-05
VG-12 | OMG-01 | @gemeentesecretaris | VG/Bouwplantoetser | | ouder COL-05; geleden 8; staat besloten
TH-05 | HAN-02 | @gemeentesecretaris | TH/Buitengewoon opsporingsambtenaar | | ouder COL-01; sub nee
TH-06 | HAN-03 | @gemeentesecretaris | TH/Handhavingsjurist | | ouder COL-01
TH-07 | HAN-02 | @gemeentesecretaris | TH/Toezichthouder bouw | | ouder COL-01
TH-08 | HAN-02 | @gemeentesecretaris | TH/Toezichthouder milieu | | ouder COL-01
TH-09 | HAN-02 | @gemeentesecretaris | TH/Horecatoezicht | | ouder COL-01; geleden 900; staat ingetrokken 90
JZ-05 | PRO-01 | college | persoon JZ/Jurist privaatrecht | | zaak Z-2026-0417; geleden 120
JZ-06 | BEZ-03 | @gemeentesecretaris | JZ/Secretaris bezwaarcommissie | | ouder COL-01
JZ-07 | WOO-02 | @gemeentesecretaris | JZ/Adviseur open overheid | | ouder COL-01
JZ-08 | AVG-01 | @gemeentesecretaris | JZ/Functionaris gegevensbescherming | | ouder COL-01
JZ-09 | AVG-02 | @gemeentesecretaris | ID/Informatiebeveiliger | | ouder COL-01
JZ-10 | AVG-03 | @gemeentesecretaris | ID/Informatiebeveiliger | | ouder COL-01; als overleg:JZ/Functionaris gegevensbescherming
JZ-11 | VZK-01 | @gemeentesecretaris | JZ/Verzekeringen en schade | 10.000 | ouder COL-21
JZ-12 | PRO-02 | @gemeentesecretaris | JZ/Jurist bestuursrecht | | ouder COL-01; als overleg:ZM/Bestuursadviseur
JZ-13 | HAN-01 | @gemeentesecretaris | JZ/Mandaatjurist | | ouder COL-01; geleden 440
KC-05 | KLA-01 | @gemeentesecretaris | KC/Klachtbehandelaar | | ouder COL-01
KC-06 | GEB-01 | @gemeentesecretaris | KC/Gastheer publiekshal | | ouder COL-09; als duur<=24; doe Meld het dezelfde dag aan de veiligheidsadviseur
HR-05 | HRM-01 | @gemeentesecretaris | HR/Werver | | ouder COL-01; als overleg:FI/Begroter
HR-06 | HRM-04 | @gemeentesecretaris | HR/Verzuimregisseur | | ouder COL-01; sub nee
HR-07 | HRM-07 | @gemeentesecretaris | HR/Adviseur arbeidsvoorwaarden | 7.500 | ouder COL-01; sub 1
HR-08 | HRM-07 | HR/Adviseur arbeidsvoorwaarden | HR/Salarisadministrateur | 500 | ouder HR-07
HR-09 | HRM-09 | @gemeentesecretaris | HR/Adviseur arbeidsvoorwaarden | | ouder COL-01
HR-10 | HRM-10 | @gemeentesecretaris | HR/Leerregisseur | 5.000 | ouder COL-01; sub 1
HR-11 | HRM-10 | HR/Leerregisseur | HR/Loopbaanbegeleider | 1.000 | ouder HR-10
HR-12 | HRM-11 | @gemeentesecretaris | HR/Werver | 25.000 | ouder COL-22; als advies:IC/Inkoopadviseur>10.000
HR-13 | HRM-08 | @gemeentesecretaris | HR/Salarisadministrateur | 1.500 | ouder COL-01
HR-14 | HRM-03 | @gemeentesecretaris | HR/Adviseur arbeidsvoorwaarden | | ouder COL-01
FI-05 | FIN-01 | @gemeentesecretaris | FI/Crediteuren | 50.000 | ouder COL-01; als vier_ogen>10.000
FI-06 | FIN-02 | @gemeentesecretaris | FI/Kasbeheerder | 500.000 | ouder COL-19
FI-07 | FIN-03 | @gemeentesecretaris | FI/Debiteuren | 1.000 | ouder COL-20
IC-05 | INK-03 | @gemeentesecretaris | IC/Aanbestedingsleider | 215.000 | ouder COL-10
IC-06 | INK-05 | @gemeentesecretaris | IC/Aanbestedingsleider | 100.000 | ouder COL-10
IC-07 | INK-04 | @gemeentesecretaris | IC/Contractbeheerder | 100.000 | ouder COL-03
IC-08 | INK-01 | @gemeentesecretaris | IC/Bestelpunt | 2.500 | ouder COL-01
BZ-05 | PAS-01+PAS-02 | @gemeentesecretaris | BZ/Baliemedewerker paspoorten | | ouder COL-01
BZ-06 | BRP-01 | @gemeentesecretaris | BZ/Beheerder basisregistratie | | ouder COL-01; sub ja
BZ-07 | BRP-01 | BZ/Beheerder basisregistratie | BZ/Adresonderzoeker | | ouder BZ-06
BZ-08 | BRP-02 | @gemeentesecretaris | BZ/Fraudebestrijder identiteit | 325 | ouder COL-01
BZ-09 | BST-01 | @gemeentesecretaris | BZ/Trouwcoördinator | | ouder COL-01
BZ-10 | NAT-01 | @gemeentesecretaris | BZ/Specialist naturalisatie | | ouder COL-01
IN-05 | PW-07 | @gemeentesecretaris | IN/Consulent bijzondere bijstand | 1.500 | ouder COL-07; sub 1
IN-06 | PW-07 | IN/Consulent bijzondere bijstand | IN/Minimaregisseur | 350 | ouder IN-05
IN-07 | PW-08 | @gemeentesecretaris | IN/Consulent bijzondere bijstand | 1.500 | ouder COL-01
IN-08 | PW-01 | @gemeentesecretaris | IN/Consulent inkomen | | ouder COL-01
IN-09 | PW-02 | @gemeentesecretaris | IN/Consulent inkomen | | ouder COL-01
IN-10 | PW-03 | @gemeentesecretaris | IN/Terugvorderaar | 15.000 | ouder COL-01; als vier_ogen>7.500
IN-11 | PW-04 | @gemeentesecretaris | IN/Consulent inkomen | | ouder COL-01; als overleg:IN/Handhaver uitkeringen
IN-12 | PW-05 | @gemeentesecretaris | IN/Terugvorderaar | 5.000 | ouder COL-01
IN-13 | PW-06 | @gemeentesecretaris | IN/Werkcoach | 7.500 | ouder COL-01
SH-05 | SHV-01 | @gemeentesecretaris | SH/Schuldhulpverlener | | ouder COL-01
WM-05 | WMO-02 | @gemeentesecretaris | WM/Consulent Wmo | 25.000 | ouder COL-06; sub 1
WM-06 | WMO-02 | WM/Consulent Wmo | WM/Hulpmiddelenbeheerder | 5.000 | ouder WM-05; als zaaktype:hulpmiddel
WM-07 | WMO-03 | @gemeentesecretaris | WM/Consulent Wmo | 25.000 | ouder COL-06; als vier_ogen>15.000
WM-08 | WMO-01+WMO-04 | @gemeentesecretaris | WM/Consulent Wmo | | ouder COL-01
WM-09 | WMO-02 | @gemeentesecretaris | WM/Adviseur woningaanpassing | 12.000 | ouder COL-06; als zaaktype:woningaanpassing
JO-05 | JW-01 | @gemeentesecretaris | JO/Jeugdconsulent | 40.000 | ouder COL-17
JO-06 | JW-02 | @gemeentesecretaris | JO/Jeugdconsulent | 20.000 | ouder COL-17; als vier_ogen>10.000
JO-07 | LVV-01 | @gemeentesecretaris | JO/Leerlingenvervoer | 7.500 | ouder COL-01
JO-08 | KIN-01 | @gemeentesecretaris | JO/Toezicht kinderopvang | | ouder COL-01
RW-05 | HUI-01 | @gemeentesecretaris | RW/Urgentieadviseur | | ouder COL-01
EC-05 | MAR-01 | @gemeentesecretaris | EC/Marktmeester | | ouder COL-01
ID-05 | ARC-01 | @gemeentesecretaris | ID/Archivaris | | ouder COL-01; als vier_ogen>0
ID-06 | INK-04 | @gemeentesecretaris | ID/Systeembeheerder | 50.000 | ouder COL-03; staat voorgenomen
ZM-05 | INK-02 | @gemeentesecretaris | ZM/Loco-gemeentesecretaris | 50.000 | ouder COL-03; geleden 1000; staat ingetrokken 30
BZ-11 | GRA-01 | @gemeentesecretaris | BZ/Kwaliteitsbewaker documenten | | ouder COL-01
"""

# power | rule | source
UITSLUITINGEN = """
NAD-01 | boven € 19.999,99 of anders dan het advies beslist het college ~ bedrag>19.999,99 ~ kenmerk:afwijkend_advies | Mandaatbesluit Zandermeer, artikel 8
BEZ-01 | het college beslist zelf op bezwaren | Mandaatbesluit Zandermeer, artikel 5
GEB-01 | langer dan 24 uur beslist het college ~ duur>24 | Mandaatbesluit Zandermeer, artikel 10
AFD-01 | na zienswijzen beslist het college ~ kenmerk:zienswijzen | Mandaatbesluit Zandermeer, artikel 9
INK-02 | boven de Europese drempel beslist het college ~ bedrag>215.000 | Inkoopbeleid Zandermeer 2024, paragraaf 3
HRM-06 | ontslag van de griffier is aan de raad ~ kenmerk:griffier | Gemeentewet 107e [K]
"""

# role | substitute's role | reason | first and last day from today | decision
VERVANGINGEN = """
ZM/Gemeentesecretaris | ZM/Loco-gemeentesecretaris | afwezig | -140 | -120 | Vervangingsbesluit college, artikel 1
ZM/Gemeentesecretaris | ZM/Loco-gemeentesecretaris | afwezig | 30 | 48 | Vervangingsbesluit college, artikel 1
ZM/Gemeentesecretaris | ZM/Loco-gemeentesecretaris | ontstentenis | -700 | 760 | Vervangingsbesluit college, artikel 2
GW/Budgethouder groen | GW/Werkvoorbereider | afwezig | -3 | 11 | Vervangingsbesluit secretaris, bijlage
SU/Subsidies | SU/Vaststeller subsidies | afwezig | 40 | 54 | Vervangingsbesluit secretaris, bijlage
VG/Vergunningverlener | VG/Bouwplantoetser | afwezig | -60 | -46 | Vervangingsbesluit secretaris, bijlage
TH/Handhavingsjurist | JZ/Jurist bestuursrecht | afwezig | -5 | 9 | Vervangingsbesluit secretaris, bijlage
"""
