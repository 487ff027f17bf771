"""Teams and roles that work outside in Zandermeer: green, roads, waste and enforcement."""

TEKST = """
== GW | Groen en Water | ZM | Leefomgeving | 20
Iedereen in Zandermeer heeft groen dichtbij, en niemand krijgt natte voeten.
Boombeheerder: Gezonde bomen die veilig zijn voor mensen en goed voor dieren.
- Elke boom minstens eens per 3 jaar laten controleren; Snoei en kap opdragen; Inwoners vooraf vertellen wat er gebeurt
* De bomenlijst en het snoeiplan
Waterbeheerder: Droge straten en schoon water in sloten en vijvers.
- Duikers en gemalen laten nakijken; Waterpeil afstemmen met het waterschap; Blauwalg melden
* Het peilbeheer van de stadsvijvers
Speelplekbeheerder: Speelplekken die veilig en leuk zijn.
- Toestellen laten keuren; Kapotte toestellen dezelfde dag afzetten; Met kinderen nieuwe plekken ontwerpen
* Het logboek speeltoestellen
Wijkschouwer: Weten wat er buiten speelt, voordat iemand belt.
- Elke wijk eens per maand lopen; Meldingen op de kaart zetten; Bewoners meenemen op ronde
!Ecoloog: Meer soorten planten en dieren in de stad.
- Soorten laten tellen; Maaibeheer aanpassen; Bouwplannen toetsen op natuur
Budgethouder groen: Het geld van het team doet wat we hebben afgesproken.
- Begroting groen bijhouden; Opdrachten vrijgeven; Elk kwartaal afwijkingen melden
Werkvoorbereider: Alles staat klaar voordat het werk buiten begint.
- Bestekken en werkbonnen maken; Materiaal bestellen; Aannemers inplannen
!Verbinder met Wegen en Verkeer: Geen straat twee keer open.
- Planningen naast elkaar leggen; Gezamenlijke werken voorstellen; Omleidingen afstemmen
Buitenman groen: Parken en perken die er verzorgd bij liggen.
- Maaien, schoffelen en planten; Schade meteen herstellen; Leerlingen begeleiden
Begeleider groene buurten: Bewoners onderhouden samen hun straat.
- Afspraken maken over zelfbeheer; Gereedschap uitlenen; Geveltuinen mogelijk maken

== WV | Wegen en Verkeer | ZM | Leefomgeving | 15
Je komt veilig en vlot door Zandermeer, lopend, op de fiets en met de auto.
Wegbeheerder: Wegen die heel blijven en veilig zijn.
- Elk jaar wegen inspecteren; Onderhoud programmeren; Gaten binnen twee dagen dichten
* Het wegenlegger en de inspectiegegevens
Verkeerskundige: Straten waar iedereen veilig kan oversteken.
- Verkeersbesluiten voorbereiden; Klachten over snelheid onderzoeken; Tellingen laten doen
Fietsregisseur: De fiets is de snelste keuze.
- Ontbrekende schakels zoeken; Stallingen plannen; Fietstellingen duiden
Beheerder openbare verlichting: Licht waar het nodig is, donker waar het kan.
- Storingen laten oplossen; Masten vervangen; Dimplannen maken
Bruggenbeheerder: Bruggen die houden en op tijd opengaan.
- Inspecties plannen; Bediening regelen; Groot onderhoud voorbereiden
* Het areaal bruggen en sluizen
Rioolbeheerder: Het riool doet zijn werk zonder dat je het merkt.
- Camera-inspecties laten doen; Vervanging plannen; Overstorten meten
Parkeerregisseur: Wie er woont of werkt, vindt een plek.
- Vergunningen en zones beheren; Parkeerdruk meten; Laadplekken kiezen
Coördinator wegwerk: Niemand staat onverwacht voor een dichte straat.
- Werkzaamheden afstemmen; Omleidingen goedkeuren; Kabels en leidingen registreren
Toezichthouder werken: Wat buiten gemaakt wordt, klopt met de tekening.
- Werk in uitvoering controleren; Meerwerk beoordelen; Opleveren
Gladheidsregisseur: Hoofdroutes zijn begaanbaar bij sneeuw en ijs.
- Strooiroutes vaststellen; Wachtdienst indelen; Zoutvoorraad bewaken
!Mobiliteitsadviseur: Deelvervoer en bus zijn een echte keus.
- Routekaart deelvervoer maken; Haltes verbeteren; Werkgevers adviseren

== AS | Afval en Schoon | ZM | Leefomgeving | 11
Een schone stad, met steeds minder afval dat we weggooien.
Inzamelregisseur: Elke bak wordt geleegd op de afgesproken dag.
- Routes plannen; Gemiste straten herstellen; Inwoners vooraf melden wat verandert
* De afvalkalender
Beheerder milieustraat: Spullen brengen is makkelijk, hergebruik staat voorop.
- Stromen scheiden; Veilig werken op het terrein; Kringloop eerst laten kiezen
Wagenparkbeheerder: Wagens die rijden, schoon en veilig.
- Onderhoud plannen; Keuringen regelen; Vervanging voorbereiden
Ondergrondse containers: Containers die open gaan en niet overlopen.
- Vulgraad volgen; Storingen oplossen; Nieuwe plekken kiezen met bewoners
Veegregisseur: Straten, markten en pleinen zijn schoon.
- Veegrondes plannen; Bladcampagne leiden; Onkruid zonder gif bestrijden
Afvalcoach: Inwoners gooien minder weg.
- Gesprekken aan de deur voeren; Lessen op school geven; Acties bedenken met wijken
Bestrijder zwerfafval: Geen plek blijft langer dan een dag vies.
- Meldingen ophalen; Vrijwilligers uitrusten; Hotspots aanpakken
Dataman afval: We weten wat we ophalen en wat het kost.
- Weegdata controleren; Elke maand cijfers delen; Kosten per huishouden berekenen
Bedrijfsafval: Winkels scheiden hun afval net zo goed als bewoners.
- Contracten beheren; Winkeliers adviseren; Facturen controleren

== TH | Toezicht en Handhaving | ZM | Leefomgeving | 13
Regels gelden voor iedereen, en we leggen uit waarom.
Buitengewoon opsporingsambtenaar: Straten waar mensen zich veilig voelen.
- Surveilleren; Waarschuwen en bekeuren; Overlast bespreken met veroorzakers
Toezichthouder bouw: Wat gebouwd wordt, is veilig en vergund.
- Bouwplaatsen bezoeken; Afwijkingen vastleggen; Stilleggen bij gevaar
Toezichthouder milieu: Bedrijven werken zonder schade voor buren en natuur.
- Controles doen; Meldingen onderzoeken; Hercontroles plannen
Handhavingsjurist: Elk besluit tot optreden houdt stand.
- Lasten onder dwangsom opstellen; Zienswijzen wegen; Invordering voorbereiden
* De modelbrieven handhaving
Regisseur ondermijning: Zware misdaad krijgt geen voet aan de grond.
- Signalen bundelen; Controles met partners voorbereiden; Panden laten sluiten
Regisseur woonoverlast: Buren kunnen weer slapen.
- Dossiers opbouwen; Buren om tafel zetten; Gedragsaanwijzing voorbereiden
Horecatoezicht: Uitgaan blijft gezellig en veilig.
- Leeftijdscontroles doen; Terrassen nameten; Ondernemers bezoeken
Planner toezicht: Toezicht op de plek en het uur dat het nodig is.
- Rooster maken; Meldingen verdelen; Evenementen bemensen
Dierenwelzijn: Dieren in nood worden geholpen.
- Meldingen met de dierenbescherming oppakken; Gevonden dieren laten opvangen; Hondenlosloopplekken controleren
"""
