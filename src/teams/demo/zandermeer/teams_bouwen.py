"""Teams and roles about permits, space, property and energy in Zandermeer."""

TEKST = """
== VG | Vergunningen | ZM | Leefomgeving | 16
Wie iets wil bouwen of organiseren, weet snel waar hij aan toe is.
Casebehandelaar: Elke aanvraag heeft één gezicht en één planning.
- Aanvragen in behandeling nemen; Adviezen ophalen; Aanvrager op de hoogte houden
Vergunningverlener: Vergunningen die kloppen met wet en plan.
- Aanvragen toetsen; Besluiten opstellen; Voorwaarden uitleggen
Bouwplantoetser: Gebouwen die veilig en gezond zijn.
- Tekeningen en berekeningen toetsen; Meldingen kwaliteitsborging beoordelen; Gelijkwaardige oplossingen wegen
Evenementenvergunner: Feesten die leuk zijn en goed aflopen.
- Aanvragen beoordelen; Overleg met hulpdiensten leiden; De kalender bijhouden
* De evenementenkalender
Horecavergunner: Eerlijke zaken met betrouwbare eigenaren.
- Vergunningen alcohol beoordelen; Achtergrond laten onderzoeken; Leidinggevenden registreren
Intaker omgevingsplannen: Een goed idee strandt niet op een formulier.
- Vooroverleg voeren; De omgevingstafel voorbereiden; Haalbaarheid opschrijven
Erfgoedadviseur: Monumenten blijven staan en worden gebruikt.
- Plannen voor monumenten beoordelen; Eigenaren adviseren; De monumentenlijst bijhouden
* De gemeentelijke monumentenlijst
Beheerder bouwarchief: Elk dossier is te vinden.
- Inzage geven; Dossiers digitaal maken; Bewaartermijnen toepassen
Adviseur brand en gebruik: Mensen kunnen altijd veilig naar buiten.
- Gebruiksmeldingen beoordelen; Adviezen met de veiligheidsregio afstemmen; Tijdelijke bouwsels controleren
Bewaker termijnen: Geen besluit is te laat.
- Termijnen volgen; Dwangsommen voorkomen; Elke week stand delen
!Adviseur natuur en stikstof: Plannen schaden de natuur niet.
- Berekeningen nakijken; Vooroverleg met de provincie doen; Aanvragers wijzen op onderzoek

== RW | Ruimte en Wonen | ZM | Leefomgeving | 10
Een gemeente waar voor iedereen een huis is, op een plek die klopt.
Planoloog: Regels voor de ruimte die te begrijpen zijn.
- Omgevingsplan wijzigen; Zienswijzen beantwoorden; Plannen van anderen toetsen
* Het omgevingsplan
Stedenbouwkundige: Buurten waar je graag loopt en woont.
- Schetsen maken; Spelregels per plek schrijven; Bouwplannen beoordelen
Landschapsontwerper: De rand van het dorp blijft mooi.
- Groenstructuren ontwerpen; Adviseren bij zonneweiden; Boeren en bewoners betrekken
Woonadviseur: Genoeg woningen, ook voor starters en ouderen.
- Prestatieafspraken met corporaties maken; Woonbehoefte onderzoeken; Doelgroepen bewaken
Regisseur woningbouw: Woningen worden echt gebouwd.
- Planning van alle projecten bijhouden; Knelpunten oplossen; Subsidies aanvragen
Programmeur flexwonen: Spoedzoekers vinden snel een plek.
- Locaties vinden; Beheer afspreken; Buurt meenemen
Urgentieadviseur: Wie echt niet kan wachten, gaat voor.
- Verzoeken om urgentie beoordelen; Uitleg geven; Afspraken met verhuurders maken
Participatieleider ruimte: Bewoners ontwerpen mee vanaf het eerste blad.
- Werkplaatsen organiseren; Verslagen delen; Terugkoppelen wat ermee gebeurde
Kaartenmaker ruimte: Elke keuze is op een kaart te zien.
- Kaarten tekenen; Plangegevens publiceren; Collega’s helpen met kaarten
Adviseur huisvesting vergunninghouders: Statushouders wonen binnen de afgesproken tijd.
- Woningen koppelen; Inrichting regelen; Cijfers doorgeven aan de provincie

== VA | Vastgoed en Grond | ZM | Leefomgeving | 9
Gebouwen en grond van de gemeente dienen de inwoners.
Vastgoedregisseur: Elk gebouw heeft een doel en een gezonde exploitatie.
- Huurcontracten beheren; Leegstand oplossen; Verkoop voorbereiden
Gebouwbeheerder: Gebouwen die heel, warm en veilig zijn.
- Onderhoud plannen; Storingen laten verhelpen; Keuringen regelen
* Het meerjarenonderhoudsplan
Projectleider vastgoed: Bouw en verbouw op tijd en binnen budget.
- Opdrachten voorbereiden; Bouwteams leiden; Opleveren aan gebruikers
Grondzaken: Grond wordt eerlijk gekocht en verkocht.
- Taxaties laten doen; Koopovereenkomsten opstellen; Reststroken beoordelen
Planeconoom: Projecten die financieel kloppen.
- Grondexploitaties rekenen; Risico’s duiden; Elk jaar actualiseren
Verhuurder zalen: Elke club vindt een zaal.
- Aanvragen verwerken; Sleutels en schade regelen; Tarieven voorstellen
Verduurzamer gebouwen: Gemeentelijke gebouwen zonder gas.
- Energie meten; Maatregelen plannen; Subsidie aanvragen
Pachtbeheerder: Landbouwgrond wordt goed gebruikt.
- Pachtcontracten sluiten; Percelen bezoeken; Afspraken over natuur maken
Asbestcoördinator: Geen onverwacht asbest in onze gebouwen.
- Onderzoeken opdragen; Register bijhouden; Sanering volgen
* Het asbestregister

== KE | Klimaat en Energie | ZM | Leefomgeving | 7
Zandermeer is klaar voor hitte, regen en een leven zonder gas.
Warmteregisseur: Elke wijk weet wanneer en hoe het gas eraf gaat.
- Wijkuitvoeringsplannen maken; Bewoners en netbeheerder verbinden; Keuzes uitleggen
Energiecoach: Lagere rekening, warmer huis.
- Huisbezoeken regelen; Energiefixers opleiden; Acties voor isolatie houden
Hitte en droogte: Koele plekken op loopafstand.
- Metingen doen; De hittekaart maken; Maatregelen voorstellen aan andere teams
Adviseur zon en wind: Stroom van eigen bodem, met winst voor de buurt.
- Initiatieven beoordelen; Afspraken over eigendom maken; Netruimte volgen
Regisseur klimaatfonds: Subsidie gaat naar plannen die werken.
- Aanvragen beoordelen; Resultaten meten; Het fonds bekendmaken
Monitor uitstoot: We weten elk jaar waar we staan.
- Cijfers verzamelen; Het jaarbeeld schrijven; Raad en inwoners informeren
!Adviseur laadnet: Laden kan in elke straat.
- Plekken kiezen; Afspraken met aanbieders maken; Netdrukte bewaken
Circulair bouwen: Wat we slopen, gebruiken we weer.
- Materialen inventariseren; Inkoopeisen schrijven; Marktplaats van bouwdelen beheren
"""
