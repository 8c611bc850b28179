-- The words of addresses and what each stands for, as an object of one object a kind. A line is a canonical word and the other forms of it.
--
-- Street suffixes, directionals and unit designators are those of the United States Postal Service: Publication 28, appendix C1 (street
-- suffixes), section 233 (directionals) and appendix C2 (secondary unit designators), <https://pe.usps.com/text/pub28/welcome.htm>, with the
-- words of Mexican and Puerto Rican addresses (section 29) beside them. `strong` has the suffixes that end the name of a street wherever
-- they stand; the others are as often part of a name or of a city ("Park Ridge"). `spanish` has the kinds of street that stand before the
-- name.
--
-- The object does not depend on anything, so the planner works it out once a session.
create or replace function private.address_words() returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    tables constant jsonb := jsonb_build_object(
        'suffix', $words$
            alley allee ally aly
            anex annex annx anx
            arcade arc
            avenue ave av aven avenu avn avnue avenida avda
            bayou bayoo byu
            beach bch
            bend bnd
            bluff blf bluf
            bluffs blfs
            bottom btm bot bottm
            boulevard blvd boul boulv bulevar bulevard boulevar
            branch br brnch
            bridge brdge brg
            brook brk
            brooks brks
            burg bg
            burgs bgs
            bypass byp bypa bypas byps
            camp cp cmp
            canyon canyn cnyn cyn
            cape cpe
            causeway causwa cswy
            center cen cent centr centre cnter cntr ctr
            centers ctrs
            circle cir circ circl crcl crcle
            circles cirs
            cliff clf
            cliffs clfs
            club clb
            common cmn
            commons cmns
            corner cor
            corners cors
            course crse
            court ct crt
            courts cts
            cove cv
            coves cvs
            creek crk
            crescent cres crsent crsnt
            crest crst
            crossing crossng crssng xing
            crossroad xrd
            crossroads xrds
            curve curv
            dale dl
            dam dm
            divide div dv dvd
            drive dr driv drv
            drives drs
            estate est
            estates ests
            expressway exp expr express expw expy
            extension ext extn extnsn
            extensions exts
            fall
            falls fls
            ferry frry fry
            field fld
            fields flds
            flat flt
            flats flts
            ford frd
            fords frds
            forest forests frst
            forge forg frg
            forges frgs
            fork frk
            forks frks
            fort ft frt
            freeway freewy frway frwy fwy
            garden gardn grden grdn gdn
            gardens gdns grdns
            gateway gatewy gatway gtway gtwy
            glen gln
            glens glns
            green grn
            greens grns
            grove grov grv
            groves grvs
            harbor harb harbr hbr hrbor
            harbors hbrs
            haven hvn
            heights ht hts
            highway highwy hiway hiwy hway hwy
            hill hl
            hills hls
            hollow hllw holw hollows holws
            inlet inlt
            island islnd is
            islands islnds iss
            isle isles
            junction jct jction jctn junctn juncton
            junctions jctns jcts
            key ky
            keys kys
            knoll knl knol
            knolls knls
            lake lk
            lakes lks
            land
            landing lndg lndng
            lane ln
            light lgt
            lights lgts
            loaf lf
            lock lck
            locks lcks
            lodge ldg ldge lodg
            loop loops
            mall
            manor mnr
            manors mnrs
            meadow mdw
            meadows mdws medows
            mews
            mill ml
            mills mls
            mission missn mssn msn
            motorway mtwy
            mount mnt mt
            mountain mntain mntn mountin mtin mtn
            mountains mntns mtns
            neck nck
            orchard orch orchrd
            oval ovl
            overpass opas
            park prk parks
            parkway parkwy pkway pkwy pky parkways pkwys
            pass
            passage psge
            path paths
            pike pikes
            pine pne
            pines pnes
            place pl
            plain pln
            plains plns
            plaza plz plza
            point pt
            points pts
            port prt
            ports prts
            prairie pr prr
            radial rad radl radiel
            ramp
            ranch ranches rnch rnchs
            rapid rpd
            rapids rpds
            rest rst
            ridge rdg rdge
            ridges rdgs
            river riv rvr rivr
            road rd
            roads rds
            route rte
            row
            rue
            run
            shoal shl
            shoals shls
            shore shoar shr
            shores shoars shrs
            skyway skwy
            spring spg spng sprng
            springs spgs spngs sprngs
            spur spurs
            square sq sqr sqre squ
            squares sqrs sqs
            station sta statn stn
            stravenue stra strav straven stravn strvn strvnue
            stream streme strm
            street st str strt calle cll
            streets sts
            summit smt sumit sumitt
            terrace ter terr
            throughway trwy
            trace trce traces
            track trk trak trks tracks
            trafficway trfy
            trail trl trls trails
            trailer trlr trlrs
            tunnel tunel tunl tunls tunnl tunnels
            turnpike trnpk turnpk tpke
            underpass upas
            union un
            unions uns
            valley vly vally vlly
            valleys vlys
            viaduct vdct via viadct
            view vw
            views vws
            village vill villag villg villiage vlg
            villages vlgs
            ville vl
            vista vis vist vst vsta
            walk walks
            wall
            way wy ways
            well wl
            wells wls
            andador
            autopista
            calzada calz czda
            callejon cjon
            camino cmno
            carretera carr ctra
            cerrada cda cerr
            circuito cto
            glorieta
            paseo
            periferico perif
            privada priv pda
            prolongacion prol
            retorno rtno
            rinconada
            sendero
            vereda
        $words$,
        'strong', $words$
            alley avenue boulevard causeway circle court crescent drive expressway freeway highway lane loop parkway place plaza road
            route row square street terrace trail turnpike way
        $words$,
        'spanish', $words$
            andador autopista avenida av ave avda boulevard bulevar boulevar blvd calle cll calzada calz czda callejon cjon camino cmno carretera carr ctra
            cerrada cda cerr circuito cto glorieta paseo periferico perif plaza privada priv pda prolongacion prol retorno rtno rinconada
            sendero vereda
        $words$,
        'direction', $words$
            n north norte nte
            s south sur
            e east este oriente ote
            w west oeste poniente pte
            ne northeast noreste nororiente
            nw northwest noroeste norponiente
            se southeast sureste suroriente
            sw southwest suroeste surponiente
        $words$,
        'unit', $words$
            unit apt apartment apmt aptmt suite ste room rm dept department departamento depto dpto dep apartamento apto interior int
            unit office ofc ofic oficina local space spc slip stop stall lot lote trlr trailer hangar hngr casa
            floor fl piso planta
            building bldg bld edificio edif torre tower block bloque
            box apartado
        $words$,
        'route', $words$
            highway hwy route rte rt carretera carr ruta interstate i us sr fm autopista
            countyroad cr
        $words$,
        'number', $words$
            0 oh zero cero
            1 one uno
            2 two dos
            3 three tres
            4 four cuatro
            5 five cinco
            6 six seis
            7 seven siete
            8 eight ocho
            9 nine nueve
            10 ten diez
            11 eleven once
            12 twelve doce
            13 thirteen trece
            14 fourteen catorce
            15 fifteen quince
            16 sixteen dieciseis
            17 seventeen diecisiete
            18 eighteen dieciocho
            19 nineteen diecinueve
            20 twenty veinte
            21 veintiuno veintiun
            22 veintidos
            23 veintitres
            24 veinticuatro
            25 veinticinco
            26 veintiseis
            27 veintisiete
            28 veintiocho
            29 veintinueve
            30 thirty treinta
            40 forty fourty cuarenta
            50 fifty cincuenta
            60 sixty sesenta
            70 seventy setenta
            80 eighty ochenta
            90 ninety noventa
            100 hundred cien ciento
            200 doscientos
            300 trescientos
            400 cuatrocientos
            500 quinientos
            600 seiscientos
            700 setecientos
            800 ochocientos
            900 novecientos
            1000 thousand mil
        $words$,
        'ordinal', $words$
            1 first primera primero primer
            2 second segunda segundo
            3 third tercera tercero tercer
            4 fourth cuarta cuarto
            5 fifth quinta quinto
            6 sixth sexta sexto
            7 seventh septima septimo
            8 eighth octava octavo
            9 ninth novena noveno
            10 tenth decima decimo
            11 eleventh
            12 twelfth
            13 thirteenth
            14 fourteenth
            15 fifteenth
            16 sixteenth
            17 seventeenth
            18 eighteenth
            19 nineteenth
            20 twentieth
            30 thirtieth
            40 fortieth
            50 fiftieth
            60 sixtieth
            70 seventieth
            80 eightieth
            90 ninetieth
        $words$,
        'state', $words$
            al alabama
            ak alaska
            az arizona
            ar arkansas
            ca california
            co colorado
            ct connecticut
            de delaware
            dc districtofcolumbia
            fl florida
            ga georgia
            hi hawaii
            id idaho
            il illinois
            in indiana
            ia iowa
            ks kansas
            ky kentucky
            la louisiana
            me maine
            md maryland
            ma massachusetts
            mi michigan
            mn minnesota
            ms mississippi
            mo missouri
            mt montana
            ne nebraska
            nv nevada
            nh newhampshire
            nj newjersey
            nm newmexico
            ny newyork
            nc northcarolina
            nd northdakota
            oh ohio
            ok oklahoma
            or oregon
            pa pennsylvania
            ri rhodeisland
            sc southcarolina
            sd southdakota
            tn tennessee
            tx texas tejas
            ut utah
            vt vermont
            va virginia
            wa washington
            wv westvirginia
            wi wisconsin
            wy wyoming
            pr puertorico
            ab alberta
            bc britishcolumbia
            mb manitoba
            nb newbrunswick
            nl newfoundland
            ns novascotia
            on ontario
            pe princeedwardisland
            qc quebec
            sk saskatchewan
        $words$,
        -- What follows one of these, up to the next comma, tells how to get there.
        'remark', $words$
            near between behind beside across opposite off gate cerca entre frente junto atras detras esquina
        $words$,
        -- What an address is led in with, and what a country is called.
        'filler', $words$
            at is its the my our we are i im live on house home address located in es en mi nuestra vivo vivimos estoy estamos direccion
            domicilio ubicado ubicada casa esta queda please thanks por favor gracias
            usa us eua eeuu canada
        $words$,
        'area', $words$
            colonia col fraccionamiento fracc barrio urbanizacion urb residencial
        $words$,
        'month', $words$
            enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
        $words$
    );
begin
    return (
        select jsonb_object_agg(k.kind, k.words)
        from (
            select
                t.key as kind,
                jsonb_object_agg(
                    w.word,
                    -- A table of single words has each for itself.
                    case when t.key in ('strong', 'spanish', 'remark', 'filler', 'area', 'month') then w.word else l.words[1] end
                ) as words
            from jsonb_each_text(tables) as t
            cross join lateral string_to_table(t.value, e'\n') as r (line)
            cross join lateral (select string_to_array(btrim(r.line), ' ') as words) as l
            cross join lateral unnest(l.words) as w (word)
            -- The value of a number is no word for it.
            where w.word <> '' and not (t.key in ('number', 'ordinal') and w.word = l.words[1])
            group by t.key
        ) as k
    );
end
$$;

revoke execute on function private.address_words() from public;
grant execute on function private.address_words() to frontdesk_app;
