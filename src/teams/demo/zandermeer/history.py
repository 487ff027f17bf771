"""Agreements of the teams, and how roles changed in the last two years."""

from datetime import date, timedelta

from teams.demo.zandermeer.model import DemoAfspraak, DemoWijziging

# team | kind | days ago | title | text
AFSPRAKEN = """
ZM|leiding:anker|610|Een rolverdeler voor de hele gemeente|Ons team heeft een rolverdeler die het overzicht houdt. Die is van niemand de baas.
ZM|besluitvorm:licht:5:ook_onder|900|Licht is gewoon|Een voorstel geldt na 5 werkdagen, als niemand een overwegend bezwaar heeft.
ZM|verantwoording|640|Elk kwartaal op één bladzijde|Elk team zet elk kwartaal op één bladzijde wat het deed en wat het kostte.
ZM|werk|420|Eerst binnen|Een vacature staat eerst drie weken in de klussenbank. Daarna pas buiten.
ZM|uitlenen|610|Vijf werkdagen|Een team reageert binnen 5 werkdagen op een claim van een collega.
GW|besluitvorm|700|Streng bij bomen|Over kap van meer dan tien bomen besluiten we in het overleg, niet op papier.
GW|uitlenen|380|Niet in het plantseizoen|Van november tot en met maart lenen we hoogstens vier mensen tegelijk uit.
GW|geld|290|Twee offertes|Vanaf € 2.500 vragen we twee offertes, ook bij een vaste partij.
WV|werk|510|Bord voor de schop|Bewoners weten het twee weken voordat de straat opengaat.
WV|uitlenen|240|Strooiploeg blijft thuis|Wie strooidienst heeft, neemt die week geen klus aan.
AS|werk|330|Nooit alleen op de wagen|Achterop staan er altijd twee.
AS|bereikbaar|150|Storing binnen een dag|Een volle container halen we dezelfde of de volgende werkdag leeg.
VG|werk|460|Bellen voor afwijzen|Voor een weigering bellen we de aanvrager.
VG|besluitvorm:gewoon|560|Gewone vorm|Iedereen geeft antwoord op een voorstel. Zwijgen telt niet.
VG|uitlenen|200|Hoogstens acht uur|Een casebehandelaar doet hoogstens acht uur per week klussen.
TH|werk|610|Eerst uitleggen|Bij een eerste overtreding leggen we uit. Bij een tweede handhaven we.
TH|vergoeding|270|Avonddienst is werktijd|Een dienst na 19.00 uur telt anderhalf keer.
RW|werk|350|Bewoners eerst|Een schets gaat eerst naar de bewoners die meededen, dan naar het college.
VA|geld|480|Sleutel na handtekening|Een huurder krijgt de sleutel als het contract getekend is.
KE|werk|300|Cijfer met bron|Elk cijfer over uitstoot heeft een bron en een jaar.
BZ|werk|520|Vier ogen bij de kluis|De kluis openen we met z’n tweeën.
BZ|uitlenen|130|Niet in juni en juli|In de drukke weken voor de zomer lenen we geen mensen uit.
KC|bereikbaar|410|Om negen uur open|Er zijn minstens vier mensen aan de telefoon van negen tot vijf.
IN|werk|590|Eerst bellen|Een brief die iemand geld kost, gaat niet weg zonder telefoontje.
IN|besluitvorm|340|Bijstand met vier ogen|Een lening bespreken we altijd met een collega.
SH|werk|440|Binnen drie dagen|Bij dreigende ontruiming is er binnen drie werkdagen een gesprek.
WM|werk|310|Aan tafel, niet aan het loket|Het gesprek is thuis, tenzij de inwoner iets anders wil.
JO|bereikbaar|260|Veilig thuis gaat voor|Een melding over veiligheid thuis pakken we dezelfde dag op.
WN|overleg|370|Overleg in de wijk|We vergaderen in buurthuis De Sluis. Bewoners mogen het eerste half uur meepraten.
WZ|overleg|370|Dinsdag is straatdag|Op dinsdag plannen we niets op het gemeentehuis.
SC|geld|220|Zaal vrij bij uitvaart|Voor een uitvaart van een vrijwilliger is de zaal gratis.
SU|werk|490|Antwoord in drie weken|Een kleine subsidie krijgt binnen drie weken een antwoord.
SU|besluitvorm|180|Niet over de eigen club|Wie lid is van een club, beoordeelt haar aanvraag niet.
EC|bereikbaar|320|Ondernemer belt, wij komen|Binnen een week is er een afspraak bij het bedrijf zelf.
OC|bereikbaar|540|Altijd één piket|Er is dag en nacht één crisiscoördinator bereikbaar.
FI|geld|450|Rood is bellen|Wie een tekort ziet, belt het team dezelfde dag.
BL|werk|280|Regeling voor aanmaning|We bieden een regeling aan voordat we aanmanen.
IC|geld|360|Plaatselijk kijken|Onder de drempel vragen we minstens één bedrijf uit de streek.
JZ|werk|430|Advies in gewone taal|Een advies begint met het antwoord, in twee zinnen.
HR|rollen|210|Rol voor twee jaar|Een rol vul je hoogstens twee jaar. Daarna kies je samen opnieuw.
ID|werk|390|Geen wijziging op vrijdag|Op vrijdag zetten we niets nieuws in gebruik.
CO|werk|250|Eerst binnen, dan buiten|Collega’s horen het nieuws voordat de pers het krijgt.
"""

# kind | team | role | days ago | old | new
HISTORIE = """
hernoemd|GW|Wijkschouwer|610|Rayoninspecteur|Wijkschouwer
hernoemd|KC|Gastheer publiekshal|540|Baliebode|Gastheer publiekshal
hernoemd|TH|Regisseur woonoverlast|480|Klachtenbehandelaar overlast|Regisseur woonoverlast
hernoemd|ID|Servicedesk|650|Helpdesk|Servicedesk
hernoemd|CO|Taalcoach|330|Eindredacteur brieven|Taalcoach
hernoemd|IN|Werkcoach|270|Klantmanager werk|Werkcoach
hernoemd|VG|Intaker omgevingsplannen|410|Baliemedewerker bouw|Intaker omgevingsplannen
doel|BZ|Adresonderzoeker|300|Fouten in adressen opsporen.|Niemand staat ingeschreven op een adres waar hij niet woont.
doel|SH|Vroegsignaleerder|390|Achterstanden melden.|We staan aan de deur voordat de deurwaarder er staat.
doel|WV|Fietsregisseur|220|Meer fietspaden.|De fiets is de snelste keuze.
doel|AS|Afvalcoach|350|Inwoners scheiden beter.|Inwoners gooien minder weg.
doel|SU|Subsidies|460|Aanvragen afhandelen.|Subsidies zijn op tijd toegekend, met een reden die iedereen snapt.
doel|HR|Werver|180|Vacatures vullen.|Nieuwe collega’s voelen zich welkom.
verantwoordelijkheid_erbij|GW|Boombeheerder|260||Inwoners vooraf vertellen wat er gebeurt
verantwoordelijkheid_erbij|IC|Regisseur inhuur|340||Eerst de klussenbank proberen
verantwoordelijkheid_erbij|HR|Werver|430||Vacatures eerst binnen plaatsen
verantwoordelijkheid_erbij|SU|Subsidies|120||Afwijzingen uitleggen
verantwoordelijkheid_erbij|WM|Consulent Wmo|200||Onderzoeksverslagen schrijven
verantwoordelijkheid_erbij|ID|Data-analist|370||Methode uitleggen
verantwoordelijkheid_erbij|JO|Jeugdconsulent|290||Met het gezin evalueren
verantwoordelijkheid_weg|KC|Telefonist 14 nummer|320|Brieven uittypen|
verantwoordelijkheid_weg|FI|Crediteuren|500|Kasbonnen plakken|
verantwoordelijkheid_weg|VG|Casebehandelaar|230|Dossiers kopiëren|
verantwoordelijkheid_weg|BL|Taxateur|150|Foto’s laten afdrukken|
"""


def afspraken(today: date) -> tuple[DemoAfspraak, ...]:
    cells = (line.split("|") for line in AFSPRAKEN.strip().split("\n"))
    return tuple(DemoAfspraak(team, kind, title, text, _ago(today, days)) for team, kind, days, title, text in cells)


def historie(today: date) -> tuple[DemoWijziging, ...]:
    cells = (line.split("|") for line in HISTORIE.strip().split("\n"))
    found = (DemoWijziging(kind, team, role, _ago(today, days), old, new) for kind, team, role, days, old, new in cells)
    return tuple(sorted(found, key=lambda change: (change.op, change.team, change.rol)))


def _ago(today: date, days: str) -> date:
    return today - timedelta(days=int(days))
