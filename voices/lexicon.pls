<?xml version="1.0" encoding="UTF-8"?>
<!-- Words that eSpeak NG 1.52 gets wrong, and with it every engine that takes its sounds from it. Words of your own
     go into a lexicon of your own; `audiobook names` writes one to begin with. -->
<lexicon version="1.0" alphabet="ipa" xml:lang="en-US" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">

  <!-- The sample review -->
  <lexeme><grapheme>Inès</grapheme><phoneme>iˈnɛs</phoneme></lexeme>
  <lexeme><grapheme>Maréchal</grapheme><phoneme>ˌmɑɹeɪˈʃɑːl</phoneme></lexeme>
  <lexeme><grapheme>Una</grapheme><phoneme>ˈuːnə</phoneme></lexeme>

  <!-- Words of film criticism -->
  <lexeme><grapheme>cinéma vérité</grapheme><phoneme>ˈsɪnəmə ˌvɛɹɪˈteɪ</phoneme></lexeme>
  <lexeme><grapheme>cinéma</grapheme><phoneme>ˈsɪnəmə</phoneme></lexeme>
  <lexeme><grapheme>vérité</grapheme><phoneme>ˌvɛɹɪˈteɪ</phoneme></lexeme>
  <lexeme><grapheme>mise-en-scène</grapheme><grapheme>mise en scène</grapheme><alias>meez on senn</alias></lexeme>
  <lexeme><grapheme>Cannes</grapheme><phoneme>ˈkæn</phoneme></lexeme>
  <lexeme><grapheme>Idlib</grapheme><phoneme>ˈɪdlɪb</phoneme></lexeme>

  <lexeme><grapheme>Aleppo</grapheme><phoneme>æˈlɛpoʊ</phoneme></lexeme>

  <!-- Given names -->
  <lexeme><grapheme>Ahmed</grapheme><grapheme>Ahmad</grapheme><phoneme>ˈɑːmɛd</phoneme></lexeme>
  <lexeme><grapheme>Fadi</grapheme><phoneme>ˈfɑːdi</phoneme></lexeme>
  <lexeme><grapheme>Fayyad</grapheme><phoneme>faɪˈjɑːd</phoneme></lexeme>
  <lexeme><grapheme>Firas</grapheme><grapheme>Feras</grapheme><phoneme>fɪˈɹɑːs</phoneme></lexeme>
  <lexeme><grapheme>Hussein</grapheme><phoneme>huːˈseɪn</phoneme></lexeme>
  <lexeme><grapheme>Khaled</grapheme><grapheme>Khalid</grapheme><phoneme>ˈkɑːlɛd</phoneme></lexeme>
  <lexeme><grapheme>Mahmoud</grapheme><grapheme>Mahmud</grapheme><phoneme>mɑːˈmuːd</phoneme></lexeme>
  <lexeme><grapheme>Mohamad</grapheme><grapheme>Mohamed</grapheme><phoneme>moʊˈhɑːmɛd</phoneme></lexeme>
  <lexeme><grapheme>Agnès</grapheme><phoneme>ɑːnˈjɛs</phoneme></lexeme>
  <lexeme><grapheme>Chloé</grapheme><phoneme>ˈkloʊeɪ</phoneme></lexeme>
  <lexeme><grapheme>Joaquin</grapheme><grapheme>Joaquín</grapheme><phoneme>hwɑːˈkiːn</phoneme></lexeme>
  <lexeme><grapheme>Niamh</grapheme><phoneme>ˈniːv</phoneme></lexeme>

  <!-- Film makers -->
  <lexeme><grapheme>Halabi</grapheme><phoneme>hɑːˈlɑːbi</phoneme></lexeme>
  <lexeme><grapheme>Johannessen</grapheme><phoneme>joʊˈhænɪsən</phoneme></lexeme>
  <lexeme><grapheme>Cuarón</grapheme><phoneme>kwɑˈɹoʊn</phoneme></lexeme>
  <lexeme><grapheme>Fassbinder</grapheme><phoneme>ˈfɑːsbɪndɚ</phoneme></lexeme>
  <lexeme><grapheme>Godard</grapheme><phoneme>ɡoʊˈdɑːɹ</phoneme></lexeme>
  <lexeme><grapheme>Haneke</grapheme><phoneme>ˈhɑːnəkə</phoneme></lexeme>
  <lexeme><grapheme>Iñárritu</grapheme><phoneme>iˈnjɑɹɪtuː</phoneme></lexeme>
  <lexeme><grapheme>Kurosawa</grapheme><phoneme>ˌkʊɹəˈsɑːwə</phoneme></lexeme>
  <lexeme><grapheme>Truffaut</grapheme><phoneme>tɹuːˈfoʊ</phoneme></lexeme>
</lexicon>
