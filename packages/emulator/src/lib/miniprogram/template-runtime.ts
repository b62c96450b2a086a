/**
 * Stands before the compiled templates: what WXS has beyond JavaScript, and a loader of its modules. `$type` is what
 * `value.constructor` means there. A module that fails leaves the others alone: it is told, and is empty.
 */
export const TEMPLATE_RUNTIME = `var G=Object.create(null),R=Object.create(null),F=[];
var $type=Symbol('wxs type');
[[Object,'Object'],[Array,'Array'],[String,'String'],[Number,'Number'],[Boolean,'Boolean'],[Function,'Function'],[Date,'Date'],[RegExp,'RegExp']].forEach(function(pair){Object.defineProperty(pair[0].prototype,$type,{value:pair[1],configurable:true})});
var getDate=function(a,b,c,d,e,f,g){var n=arguments.length;return n===0?new Date():n===1?new Date(a):new Date(a,b,c===undefined?1:c,d||0,e||0,f||0,g||0)};
var getRegExp=function(source,flags){return new RegExp(source,flags)};
var M=Object.create(null);
var load=function(name){var m=M[name];if(!m)return {};if(!m.loaded){m.loaded=true;try{m.run.call(m.exports,load,m.exports,m)}catch(error){F.push({path:name,error:error})}}return m.exports};
var D=function(name,run){M[name]={exports:{},run:run,loaded:false};return function(){return load(name)}};
var add=function(path,make){try{G[path]=make()}catch(error){F.push({path:path,error:error})}};
`
